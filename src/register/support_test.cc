// SPDX-License-Identifier: Apache-2.0
// What test_support.h declares.
#include <cstdlib>
#include <utility>

#include "register/test_support.h"

namespace firebreak::record {
namespace fs = std::filesystem;

TempFolder::TempFolder() {
  std::string name = (fs::temp_directory_path() / "firebreak-register-XXXXXX").string();
  path_ = mkdtemp(name.data());
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Result<std::string> ListingRenderer::render(const MessageContent& content) const {
  std::string out = "Message-ID: <" + content.message_id + ">\r\nTo: " + content.to + "\r\n\r\n";
  for (const auto& [name, value] : content.fields)
    out.append(name).append(": ").append(value).append("\r\n");
  return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

fs::path policies_of_the_repository() { return fs::path(FIREBREAK_SOURCE_DIR) / "policies"; }

Json exceptional_facts() {
  return {{"action", "share"},
          {"recipient", "immigration_enforcement"},
          {"channel", "email"},
          {"role", {"victim"}},
          {"victim_elsewhere", "no"},
          {"suspected_of", "nothing"},
          {"crime_type", {"other"}},
          {"ground", {"overseas_offending"}},
          {"overseas_offending", "high_harm"},
          {"necessary", true},
          {"proportionate", true},
          {"prevents_further_offending", true},
          {"purpose", Json::array()},
          {"consent", "not_sought"},
          {"age_group", "adult"}};
}

Json exceptional_draft() {
  return {{"destination", "immigration-desk"},
          {"occurrence", "OCC-2026-0001"},
          {"person", "PER-77"},
          {"district", "A"},
          {"facts", exceptional_facts()},
          {"fields",
           {{"name", "Zebedee Quillfeather"},
            {"date_of_birth", "1980-02-03"},
            {"offending_summary", "Convicted abroad."},
            {"grounds", "Risk of further offending."}}},
          {"reasons",
           {{"history", "h"},
            {"necessity", "n"},
            {"proportionality", "p"},
            {"prevention", "v"},
            {"safeguarding", "s"}}},
          {"history",
           {{{"kind", "conviction"},
             {"offence", "Murder"},
             {"date", "2011"},
             {"place", "Abroad"},
             {"source", "Extract of the register of convictions"},
             {"reliability", "1A"},
             {"equivalence", "Murder, 001/01"},
             {"class", "high_harm"},
             {"classed_by", "Sgt Example"}}}},
          {"less_intrusive", "A warning to the partner agencies; it would come too late."},
          {"assurance", "none_held"}};
}

Json suspect_draft() {
  Json body = exceptional_draft();
  for (const char* member : {"history", "less_intrusive", "assurance"}) body.erase(member);
  body["facts"]["role"] = {"suspect"};
  body["facts"]["suspected_of"] = "other_offence";
  body["facts"]["ground"] = {"suspected_offence"};
  body["facts"]["overseas_offending"] = "none";
  body["fields"] = {{"name", "Zebedee Quillfeather"}, {"offence", "Burglary"}};
  body["reasons"] = {{"rationale", "Suspected of burglary."}};
  body["role_changes"] = Json::array();
  body["indicators"] = {{"checked_on", "2026-11-21"},
                        {"answers",
                         {{"controlled", "no"},
                          {"papers_held", "no"},
                          {"debt_or_pay", "not_known"},
                          {"made_to_offend", "no"},
                          {"afraid_or_coached", "no"},
                          {"living_or_working", "no"}}}};
  return body;
}

RegisterTest::RegisterTest() {
  static const TempFolder made;
  static const bool ready = [&] {
    ManualClock then{*parse_instant("2026-11-22T09:00:00Z")};
    SeededRandom seeded{99};
    const auto result = init_data_folder({.folder = made.path() / "data",
                                          .policies = policies_of_the_repository(),
                                          .demo = true,
                                          .password_cost = identity::PasswordCost::interactive},
                                         then, seeded);
    if (!result) ADD_FAILURE() << result.error().text();
    return result.ok();
  }();
  if (ready) fs::copy(made.path() / "data", folder, fs::copy_options::recursive);
  if (ready) open();
}

void RegisterTest::open() {
  close();
  auto opened = Register::open({.folder = folder,
                                .renderer = std::make_shared<ListingRenderer>(),
                                .password_cost = identity::PasswordCost::interactive},
                               clock, random);
  ASSERT_TRUE(opened.ok()) << opened.error().text();
  reg = *std::move(opened);
}

identity::Actor RegisterTest::actor(const std::string& name) {
  identity::Actor out = identity::actor_of(*reg->directory().person_named(name));
  out.must_change_password = false;
  return out;
}

identity::SigningSecret RegisterTest::chief_key() const {
  return *identity::read_signing_secret(*read_file(folder / "people" / "chief.key"));
}

Result<Json> RegisterTest::draft(const Json& body, const std::string& who) {
  return await([&](Done done) { reg->referrals().draft(actor(who), body, std::move(done)); });
}

Result<Json> RegisterTest::begin(const Json& body, const std::string& token) {
  const std::string made_up = token.empty() ? random_name(random, "") : token;
  return await(
      [&](Done done) { reg->referrals().begin(actor("officer"), made_up, body, std::move(done)); });
}

Result<Json> RegisterTest::save(const std::string& ref, uint64_t content, const Json& body) {
  return await([&](Done done) {
    reg->referrals().save(actor("officer"), ref, {content, body}, std::move(done));
  });
}

Result<Json> RegisterTest::forward(const std::string& ref, const std::string& who) {
  return await([&](Done done) {
    reg->referrals().forward(actor(who), ref, {"complete", "Seen."}, std::move(done));
  });
}

Result<Json> RegisterTest::submit(const std::string& ref, std::optional<Json> revised) {
  return await([&](Done done) {
    reg->referrals().submit(actor("officer"), ref, std::move(revised), std::move(done));
  });
}

Result<Json> RegisterTest::authorise(const std::string& ref, const std::string& who) {
  const auto state = reg->reader().referral(ref);
  const auto digest = state ? parse_digest(state->statement_digest) : state.error();
  const identity::SigningSecret key = chief_key();
  const SignOffRequest request{
      digest ? show_digest(*digest) : "sha256:", key.key_id(),
      identity::show_signature(identity::sign_statement(key, digest ? *digest : Digest{}))};
  return await(
      [&](Done done) { reg->referrals().authorise(actor(who), ref, request, std::move(done)); });
}

Result<Json> RegisterTest::release(const std::string& ref, bool supersede) {
  return await([&](Done done) {
    reg->referrals().release(actor("desk"), ref, {exceptional_facts(), supersede, "done"},
                             std::move(done));
  });
}

Result<Json> RegisterTest::settle(const std::string& ref, SettledAs as) {
  return await([&](Done done) {
    reg->referrals().settle(actor("desk"), ref, as, Evidence::mail_log, std::move(done));
  });
}

Result<Json> RegisterTest::decide(const Json& request, const std::string& proposer,
                                  const std::string& approver) {
  Json with_reason = request;
  with_reason["reason"] = "As the test says.";
  FB_TRY(const Json change, reg->changes().propose(actor(proposer), with_reason));
  return reg->changes().approve(actor(approver), change.at("change"));
}

void RegisterTest::decide_setting(std::string_view name, const Json& value) {
  const auto decided =
      decide({{"type", "setting"}, {"name", name}, {"value", value}, {"reason", "As decided."}},
             "admin", "owner");
  ASSERT_TRUE(decided.ok()) << decided.error().text();
  ASSERT_EQ(decided->at("state"), "took_effect");
}

void RegisterTest::add_with_rank(NewPerson who) {
  const std::vector<identity::RankHeld> ranks = std::exchange(who.ranks, {});
  const auto added = reg->directory().add_person(std::nullopt, who);
  ASSERT_TRUE(added.ok()) << added.error().text();
  for (const identity::RankHeld& held : ranks) {
    Json request = {{"type", "rank"},
                    {"person", who.name},
                    {"rank", held.rank},
                    {"from", format_day(held.from)}};
    if (held.until) request["until"] = format_day(*held.until);
    const auto given = decide(request, "admin", "owner");
    ASSERT_TRUE(given.ok()) << given.error().text();
  }
}

std::string RegisterTest::submitted() {
  const auto drafted = draft(exceptional_draft());
  if (!drafted) {
    ADD_FAILURE() << drafted.error().text();
    return {};
  }
  const std::string ref = drafted->at("referral");
  const auto done = submit(ref);
  if (!done) ADD_FAILURE() << done.error().text();
  return ref;
}

std::string RegisterTest::authorised() {
  std::string ref = submitted();
  const auto done = authorise(ref);
  if (!done) ADD_FAILURE() << done.error().text();
  return ref;
}

std::string RegisterTest::released() {
  std::string ref = authorised();
  const auto done = release(ref);
  if (!done) ADD_FAILURE() << done.error().text();
  return ref;
}

std::string RegisterTest::handed() {
  std::string ref = released();
  EXPECT_TRUE(reg->dispatches().begin_handing(ref, 1).ok());
  EXPECT_TRUE(reg->dispatches().finish_handing(ref, 1, HandingOutcome::accepted).ok());
  return ref;
}

std::string RegisterTest::in_doubt() {
  std::string ref = released();
  EXPECT_TRUE(reg->dispatches().begin_handing(ref, 1).ok());
  EXPECT_TRUE(reg->dispatches().finish_handing(ref, 1, HandingOutcome::in_doubt).ok());
  return ref;
}

std::string RegisterTest::state_of(const std::string& ref) {
  const auto state = reg->reader().referral(ref);
  return state ? std::string(state_name(state->state)) : state.error().text();
}

std::vector<Json> RegisterTest::entries() {
  std::vector<Json> out;
  const uint64_t size = *reg->reader().size();
  out.reserve(size);
  for (uint64_t i = 0; i < size; ++i) out.push_back(*parse_json(reg->reader().entry(i)->bytes));
  return out;
}

void RegisterTest::expect_refused(const Result<Json>& result, const std::string& code,
                                  uint64_t before) {
  ASSERT_FALSE(result.ok()) << code;
  const auto all = entries();
  ASSERT_EQ(all.size(), before + 1) << code << ": " << result.error().text();
  EXPECT_EQ(all.back().at("kind"), "attempt.refused");
  EXPECT_EQ(all.back().at("code"), code);
}

}  // namespace firebreak::record
