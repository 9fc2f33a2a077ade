// SPDX-License-Identifier: Apache-2.0
// What the form components share: the group around a field, its hint and error, and the ids that
// tie them to the field.
#pragma once

#include <string>

#include "base/json.h"
#include "web/components/html.h"

namespace firebreak::web::components {

// The div around a field: its classes say whether the field has an error.
Element form_group(const Json& options);

// The hint and the error message of `options`, whose ids begin with `id`; their ids are added to
// `described_by`.
Html hint_and_error(const Json& options, const std::string& id, std::string& described_by);

// The label of `options`, for the field of that id.
Html field_label(const Json& options, const std::string& id);

// The id of a field that is known by its name when it has none of its own.
std::string field_id(const Json& options);

}  // namespace firebreak::web::components
