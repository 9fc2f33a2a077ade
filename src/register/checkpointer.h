// SPDX-License-Identifier: Apache-2.0
// Publishes the ledger on a fixed clock: pads it, signs a checkpoint of what is on disk, writes the
// tiles. The times are multiples of the interval on the wall clock, so that they tell nothing.
//
//   Checkpointer checkpointer(context...);
//   checkpointer.start();                 // a thread of its own
//   FB_TRY(uint64_t size, checkpointer.checkpoint_now());
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "ledger/tiles.h"
#include "register/recorder.h"

namespace firebreak::record {

struct Context;

class Checkpointer {
 public:
  // Opens ledger/. Errors: corrupt when the published checkpoint does not verify; unavailable.
  static Result<std::unique_ptr<Checkpointer>> open(const Context& context, ledger::Signer signer);
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;
  ~Checkpointer();

  // Runs checkpoint_now() at each tick until this object goes, and `also` (erasures) before it. An
  // error is kept for last_error() and tried again at the next tick.
  void start(std::function<void()> also = {});
  // Pads, signs and publishes now. Gives the size of the tree that is published. When nothing was
  // appended since the last one nothing is done. Errors: unavailable, corrupt.
  Result<uint64_t> checkpoint_now();
  // The signed note that is published; empty before the first.
  [[nodiscard]] std::string note() const;
  [[nodiscard]] std::optional<Error> last_error() const;

 private:
  Checkpointer(const Context& context, ledger::Signer signer, ledger::Publisher publisher);
  void loop();
  Result<uint64_t> pad();

  const Context& context_;
  const ledger::Signer signer_;
  mutable std::mutex publishing_;  // one publication at a time
  ledger::Publisher publisher_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::function<void()> also_;
  std::optional<Error> error_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace firebreak::record
