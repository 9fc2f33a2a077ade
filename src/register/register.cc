// SPDX-License-Identifier: Apache-2.0
#include "register/register.h"

#include <utility>

#include "register/event.h"
#include "register/force_settings.h"
#include "register/store.h"

namespace firebreak::record {

// In the order in which they are made; they go in the reverse: the clock first, then the recorder,
// which finishes what is queued, and the folder's lock last.
struct Register::Parts {
  FolderLock lock;
  Context context;
  std::unique_ptr<Reader> counting;  // the figures' own: what they read keeps nobody else waiting
  std::unique_ptr<Directory> directory;
  std::unique_ptr<Changes> changes;
  PolicyDrafts policy_drafts;
  Questions questions;
  Referrals referrals;
  AftercareSteps aftercare;
  Erasures erasures;
  DispatchQueue dispatches;
  Figures figures;
  std::unique_ptr<SubjectAccess> subject_access;
  std::unique_ptr<Checkpointer> checkpointer;

  Parts(FolderLock taken, Context made, std::unique_ptr<Reader> for_figures)
      : lock(std::move(taken)),
        context(std::move(made)),
        counting(std::move(for_figures)),
        policy_drafts(context),
        questions(context),
        referrals(context),
        aftercare(context),
        erasures(context),
        dispatches(context),
        figures(*counting),
        subject_access(std::make_unique<SubjectAccess>(context)) {
    context.released = [this] { dispatches.notify(); };
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() {
    checkpointer.reset();
    subject_access.reset();
    // The recorder ends before what its callbacks use (reader, directory, dispatches). Its
    // connection is the last to close: only one that may write empties the write-ahead log then.
    context.recorder->stop();
    context.reader.reset();
    counting.reset();
    context.recorder.reset();
  }
};

namespace {

Result<ledger::Signer> read_ledger_key(const FolderPaths& paths) {
  FB_TRY(const std::string text, read_file(paths.ledger_key(), 4096));
  return ledger::Signer::parse(text);
}

// What two persons have decided; null before the first opening.
Result<Json> recorded_settings(Reader& reader) {
  const auto document = reader.document("settings", "force");
  if (!document && document.error().code == ErrorCode::not_found) return Json();
  if (!document) return document.error();
  FB_TRY(Json settings, parse_json(as_text(*document->body)));
  return completed(std::move(settings));
}

// The first opening of a register ends its making: what force.toml says then is the first that
// counts.
Result<void> record_first(Transaction& tx, const PoliciesInForce& policies, const Json& settings) {
  FB_CHECK(policies.record(tx));
  Json event = new_event(kind::kSettingsFirst, kSystem);
  event["settings"] = settings;
  const std::string text = canonical_json(settings);
  FB_TRY([[maybe_unused]] const uint64_t seq,
         tx.append(std::move(event), {{"settings", "force", 1, Bytes(text.begin(), text.end())}}));
  return {};
}

// What force.toml asks for; a text where that cannot be read.
Json asked_for(const FolderPaths& paths, const Config& config) {
  const auto policies = PoliciesInForce::read(paths.policies(), config);
  return policies ? settings_of(config, *policies) : Json(policies.error().text());
}

}  // namespace

Register::Register(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Register::~Register() = default;

Result<std::unique_ptr<Register>> Register::open(OpenOptions options, const Clock& clock,
                                                 Random& random) {
  const FolderPaths paths{options.folder};
  if (!is_data_folder(options.folder)) {
    return Error{ErrorCode::not_found, "There is no register in this folder.",
                 options.folder.string(), "Make one with `firebreak init`."};
  }
  FB_TRY(FolderLock lock, FolderLock::take(paths.lock()));
  FB_TRY(const std::string text, read_file(paths.config()));
  FB_TRY(const Config asked, read_config(text, paths.config().string()));
  FB_TRY(auto store, Store::open(paths.database(), clock, random));
  FB_TRY(auto reader, Reader::open(paths.database()));
  FB_TRY(auto counting, Reader::open(paths.database()));
  FB_TRY(Json settings, recorded_settings(*reader));
  const bool first = settings.is_null();
  Config config = asked;
  if (!first) {
    FB_TRY(config, with_settings(asked, settings));
  }
  if (!options.listen.empty()) config.web.listen = options.listen;
  FB_TRY(PoliciesInForce policies,
         PoliciesInForce::load(paths.policies(), config, london_day(clock.now())));
  FB_TRY(vault::MasterKey vault, vault::MasterKey::load(paths.vault_key()));
  FB_TRY(ledger::Signer signer, read_ledger_key(paths));
  if (first) settings = settings_of(config, policies);
  auto recorder = std::make_unique<Recorder>(std::move(store), options.limits);
  auto parts = std::make_unique<Parts>(std::move(lock),
                                       Context{paths,
                                               Live(std::move(config)),
                                               Live(std::move(policies)),
                                               Live(std::move(settings)),
                                               std::move(vault),
                                               std::move(options.renderer),
                                               clock,
                                               random,
                                               std::move(reader),
                                               std::move(recorder),
                                               {}},
                                       std::move(counting));
  Context& context = parts->context;
  const auto recorded = context.recorder->run([&](Transaction& tx) -> Result<Json> {
    FB_CHECK(first ? record_first(tx, context.policies(), context.settings())
                   : context.policies().check(tx));
    return Json();
  });
  FB_CHECK(as_void(recorded));
  FB_TRY(parts->directory,
         Directory::load(*context.recorder, clock, random, options.password_cost,
                         context.config().sign_in, passkey_rules(context.config())));
  parts->changes = std::make_unique<Changes>(context, *parts->directory, asked_for(paths, asked));
  FB_TRY([[maybe_unused]] const Json due, parts->changes->apply_due());
  FB_TRY([[maybe_unused]] const int doubted, parts->dispatches.doubt_interrupted());
  FB_TRY(parts->checkpointer, Checkpointer::open(context, std::move(signer)));
  return std::unique_ptr<Register>(new Register(std::move(parts)));
}

void Register::start() {
  parts_->checkpointer->start([this] {
    // A change or an erasure that fails now is due again at the next tick.
    static_cast<void>(parts_->changes->apply_due());
    parts_->referrals.erase_due([](const Result<Json>&) {});
  });
}

const FolderPaths& Register::paths() const { return parts_->context.paths; }
const Config& Register::config() const { return parts_->context.config(); }
const PoliciesInForce& Register::policies() const { return parts_->context.policies(); }
Result<std::shared_ptr<const policy::Policy>> Register::policy_today() const {
  return policies().on(london_day(clock().now()));
}
const Clock& Register::clock() const { return parts_->context.clock; }
const vault::MasterKey& Register::vault_key() const { return parts_->context.vault; }
Recorder& Register::recorder() { return *parts_->context.recorder; }
Figures& Register::figures() { return parts_->figures; }
Reader& Register::reader() { return *parts_->context.reader; }
Directory& Register::directory() { return *parts_->directory; }
const Json& Register::settings() const { return parts_->context.settings(); }
PolicyDrafts& Register::policy_drafts() { return parts_->policy_drafts; }
Changes& Register::changes() { return *parts_->changes; }
std::vector<std::string> Register::notices() const {
  std::vector<std::string> out = policies().notices(london_day(clock().now()));
  if (std::string more = parts_->changes->force_toml_notice(); !more.empty())
    out.push_back(std::move(more));
  return out;
}
Questions& Register::questions() { return parts_->questions; }
Referrals& Register::referrals() { return parts_->referrals; }
AftercareSteps& Register::aftercare() { return parts_->aftercare; }
Erasures& Register::erasures() { return parts_->erasures; }
SubjectAccess& Register::subject_access() { return *parts_->subject_access; }
void Register::on_erased(std::function<void(const ReferralState&)> listener) {
  parts_->context.erased = std::move(listener);
}
DispatchQueue& Register::dispatches() { return parts_->dispatches; }
Checkpointer& Register::checkpointer() { return *parts_->checkpointer; }

}  // namespace firebreak::record
