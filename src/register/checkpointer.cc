// SPDX-License-Identifier: Apache-2.0
#include "register/checkpointer.h"

#include <chrono>
#include <utility>

#include "register/context.h"
#include "register/event.h"

namespace firebreak::record {

Checkpointer::Checkpointer(const Context& context, ledger::Signer signer,
                           ledger::Publisher publisher)
    : context_(context), signer_(std::move(signer)), publisher_(std::move(publisher)) {}

Result<std::unique_ptr<Checkpointer>> Checkpointer::open(const Context& context,
                                                         ledger::Signer signer) {
  FB_TRY(ledger::Publisher publisher,
         ledger::Publisher::open(context.paths.ledger(), context.config().ledger.origin,
                                 signer.verifier()));
  return std::unique_ptr<Checkpointer>(
      new Checkpointer(context, std::move(signer), std::move(publisher)));
}

Checkpointer::~Checkpointer() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::start(std::function<void()> also) {
  also_ = std::move(also);
  thread_ = std::thread([this] { loop(); });
}

void Checkpointer::loop() {
  const auto interval = std::chrono::microseconds(context_.config().ledger.checkpoint_every);
  while (true) {
    const auto since = context_.clock.now().time_since_epoch() % interval;
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, interval - since, [&] { return closing_; })) return;
    }
    if (also_) also_();
    const auto published = checkpoint_now();
    const std::scoped_lock lock(mutex_);
    error_ = published ? std::nullopt : std::optional(published.error());
  }
}

// Padding makes every checkpoint's size a multiple of pad_to, so that it tells little of how much
// happened.
Result<uint64_t> Checkpointer::pad() {
  const uint64_t multiple = context_.config().ledger.pad_to;
  FB_TRY(const Json size, context_.recorder->run([multiple](Transaction& tx) -> Result<Json> {
    while (tx.size() % multiple != 0) {
      FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(new_event(kind::kPadding, kSystem)));
    }
    return Json(tx.size());
  }));
  return size.get<uint64_t>();
}

Result<uint64_t> Checkpointer::checkpoint_now() {
  const std::scoped_lock publishing(publishing_);
  FB_TRY(const uint64_t size, context_.reader->size());
  const auto& last = publisher_.checkpoint();
  if (last && last->size == size) return size;
  FB_TRY(const uint64_t padded, pad());
  FB_TRY(const Digest root, context_.reader->root_at(padded));
  const ledger::RecordReader records = [this](uint64_t first, uint64_t count) {
    return context_.reader->records(first, count);
  };
  FB_CHECK(publisher_.publish({context_.config().ledger.origin, padded, root}, records, signer_));
  return padded;
}

std::string Checkpointer::note() const {
  const std::scoped_lock publishing(publishing_);
  return publisher_.note();
}

std::optional<Error> Checkpointer::last_error() const {
  const std::scoped_lock lock(mutex_);
  return error_;
}

}  // namespace firebreak::record
