// SPDX-License-Identifier: Apache-2.0
// What the parts of an open register share. Made and owned by Register (register.h).
#pragma once

#include <functional>
#include <memory>

#include "base/clock.h"
#include "base/random.h"
#include "register/config.h"
#include "register/data_folder.h"
#include "register/live.h"
#include "register/policies_in_force.h"
#include "register/reader.h"
#include "register/recorder.h"
#include "register/renderer.h"
#include "vault/vault.h"

namespace firebreak::record {

struct Context {
  FolderPaths paths;
  Live<Config> config;
  Live<PoliciesInForce> policies;
  Live<Json> settings;  // what two persons decided (force_settings.h)
  vault::MasterKey vault;
  std::shared_ptr<const MessageRenderer> renderer;
  const Clock& clock;
  Random& random;
  std::unique_ptr<Reader> reader;
  std::unique_ptr<Recorder> recorder;
  std::function<void(const ReferralState&)> erased = {};  // likewise after an erasure
  std::function<void()> released =
      {};  // called on the recorder's thread after a release is on disk
};

}  // namespace firebreak::record
