# SPDX-License-Identifier: Apache-2.0
"""The operations of holds, consent, erasure and a person's own request. test_openapi.py takes these tests in, so
that they share what it has seen of the document."""
import json
import time

FACTS = {
    "action": "share", "recipient": "immigration_enforcement", "channel": "email",
    "role": ["suspect"], "victim_elsewhere": "no", "suspected_of": "other_offence",
    "crime_type": ["other"], "ground": ["suspected_offence"], "overseas_offending": "none",
    "necessary": True, "proportionate": True, "prevents_further_offending": True,
    "purpose": ["investigation"], "consent": "not_sought", "age_group": "adult",
}


def test_holds_and_consent(people, drafted):
    requester, body = drafted
    made = people[requester]("POST", "/v1/referrals", body(FACTS), expect=201)
    path = "/v1/referrals/" + made["referral"]
    people[requester]("POST", path + "/submit", expect=200)
    desk = people["desk"]
    assert desk("GET", "/v1/tasks", expect=200)["tasks"]
    held = desk("POST", path + "/hold", {"reason": "safeguarding", "note": "Moving."}, expect=200)
    assert held["aftercare"]["hold"]["reason"] == "safeguarding"
    desk("POST", path + "/hold", {"reason": "other"}, expect=409)
    release = {"facts": FACTS, "safeguarding": "done"}
    assert desk("POST", path + "/release", release, expect=409)["code"] == "conflict"
    desk("POST", path + "/end-hold", {"note": "Moved."}, expect=200)
    desk("POST", path + "/end-hold", expect=409)
    desk("POST", path + "/release", {"facts": FACTS}, expect=400)
    stopped = desk("POST", path + "/consent-withdrawn", {"said_by": "solicitor"}, expect=200)
    assert stopped["state"] == "draft" and not stopped["aftercare"]["consent_withdrawn"]["too_late"]
    people[requester]("POST", path + "/submit", expect=409)
    people[requester]("POST", path + "/hold", {"reason": "other"}, expect=403)
    people[requester]("GET", "/v1/tasks", expect=403)


def test_erasure_by_two_persons(people, drafted):
    requester, body = drafted
    made = people[requester]("POST", "/v1/referrals", body(FACTS), expect=201)
    ref = made["referral"]
    people[requester]("POST", f"/v1/referrals/{ref}/withdraw", {}, expect=200)
    dpo, chief = people["dpo"], people["chief"]
    assert dpo("GET", "/v1/erasures", expect=200)["due"] == []
    dpo("POST", "/v1/erasures", {"because": "whim", "referrals": [ref]}, expect=400)
    dpo("POST", "/v1/erasures", {"because": "retention", "referrals": [ref]}, expect=409)
    asked = dpo("POST", "/v1/erasures", {"because": "subject_request", "referrals": [ref]}, expect=201)
    path = "/v1/erasures/" + asked["proposal"]
    assert dpo("GET", "/v1/erasures", expect=200)["proposals"][-1]["state"] == "open"
    dpo("POST", path + "/approve", {}, expect=403)
    assert chief("POST", path + "/approve", {}, expect=200)["erased"] == [ref]
    chief("POST", path + "/decline", {}, expect=409)
    again = dpo("GET", f"/v1/referrals/{ref}", expect=200)
    assert again["state"] == "erased" and "content" not in again
    other = people[requester]("POST", "/v1/referrals", body(FACTS), expect=201)["referral"]
    people[requester]("POST", f"/v1/referrals/{other}/withdraw", {}, expect=200)
    asked = dpo("POST", "/v1/erasures", {"because": "unlawful", "referrals": [other]}, expect=201)
    assert chief("POST", f"/v1/erasures/{asked['proposal']}/decline", expect=200)["state"] == "declined"
    people["desk"]("GET", "/v1/erasures", expect=403)
    people["desk"]("POST", "/v1/erasures", {"because": "retention"}, expect=403)
    people["desk"]("POST", path + "/approve", {}, expect=403)


def test_what_is_held_about_a_person(force, people, drafted):
    requester, body = drafted
    made = people[requester]("POST", "/v1/referrals", dict(body(FACTS), person="PER-SUBJECT"), expect=201)
    dpo = people["dpo"]
    for who in ("desk", "chief", "admin"):
        people[who]("POST", "/v1/subject-access", {"person": "PER-SUBJECT"}, expect=403)
    dpo("POST", "/v1/subject-access", {"person": "Zebedee Quillfeather"}, expect=400)
    begun = dpo("POST", "/v1/subject-access", {"person": "PER-SUBJECT"}, expect=202)
    path = "/v1/subject-access/" + begun["search"]
    for _ in range(100):
        found = dpo("GET", path, expect=200)
        if found["state"] != "running":
            break
        time.sleep(0.1)
    assert [one["referral"] for one in found["referrals"]] == [made["referral"]]
    people["chief"]("GET", path, expect=404)
    assert not [entry for entry in force.entries() if "PER-SUBJECT" in json.dumps(entry)]
    assert [entry["kind"] for entry in force.entries()].count("subject.searched") == 1
