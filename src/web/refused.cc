// SPDX-License-Identifier: Apache-2.0
#include "web/refused.h"

#include <utility>

#include "web/access_request.h"
#include "web/caller.h"

namespace firebreak::web {

void record_refused(App& app, const Request& request, std::string what, record::Refusal why) {
  std::string ref(request.parameter("ref"));
  if (const auto task = task_named(request.parameter("task"))) ref = task->ref;
  if (ref.empty()) return;
  app.reg.recorder().submit(
      [why](record::Transaction& tx) -> Result<Json> { return tx.refuse(why); },
      [](const Result<Json>&) {}, record::Attempt{request.caller->actor.id, std::move(what), ref});
}

}  // namespace firebreak::web
