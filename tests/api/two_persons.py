# SPDX-License-Identifier: Apache-2.0
"""Every operation about changes that need two persons, with success and error; for test_openapi.py."""


def take_every_step(people):
    """`people`: an asker for each person, which holds each answer against the document."""
    asked = {"type": "destination", "id": "competent-authority", "recipient": "competent_authority",
             "address": "new@competent-authority.example", "reason": "They moved."}
    proposed = {name: asker.client.post("/v1/changes", asked) for name, asker in people.items()}
    by = [name for name, answer in proposed.items() if answer.status == 201]
    assert len(by) == 1
    change = people[by[0]]("POST", "/v1/changes", asked, expect=201)
    path = "/v1/changes/" + change["change"]
    people[by[0]]("GET", path, expect=200)
    people[by[0]]("POST", path + "/approve", expect=403)
    approvers = [name for name, asker in people.items() if asker("POST", path + "/approve").get("state") == "took_effect"]
    assert len(approvers) == 1 and approvers != by
    first = "/v1/changes/" + proposed[by[0]].json()["change"]
    people[approvers[0]]("POST", first + "/approve", expect=409)  # outdated now
    people[by[0]]("POST", first + "/refuse", {"reason": "No."}, expect=403)
    people[approvers[0]]("POST", first + "/refuse", {"reason": "Done already."}, expect=200)
    again = people[by[0]]("POST", "/v1/changes", dict(asked, address="third@competent-authority.example"), expect=201)
    path = "/v1/changes/" + again["change"]
    people[approvers[0]]("POST", path + "/withdraw", expect=403)
    people[by[0]]("POST", path + "/withdraw", expect=200)
    people[by[0]]("POST", path + "/withdraw", expect=409)
    for member, value in (("type", "all"), ("address", "a@b@c"), ("reason", "")):
        people[by[0]]("POST", "/v1/changes", {**asked, "address": "fourth@competent-authority.example", member: value}, expect=400)
    found = people["board"]("GET", "/v1/destinations", expect=200)["destinations"]
    assert {one["id"]: one["closed"] for one in found}["competent-authority"] is False
    for read in ("/v1/changes", "/v1/changes?state=withdrawn", "/v1/notices", "/v1/destinations"):
        statuses = {name: asker.client.get(read).status for name, asker in people.items()}
        assert set(statuses.values()) == {200, 403}, statuses
        for asker in people.values():
            asker("GET", read)
    people["board"]("GET", "/v1/changes?state=lost", expect=400)
    assert len(people["board"]("GET", "/v1/notices", expect=200)["notices"]) == 7
    people["officer"]("GET", path, expect=404)
    nothing = "/v1/changes/change_" + "0" * 26
    for step, body in (("", None), ("/approve", {}), ("/refuse", {"reason": "No."}), ("/withdraw", {})):
        people[approvers[0]]("POST" if step else "GET", nothing + step, body, expect=404)
