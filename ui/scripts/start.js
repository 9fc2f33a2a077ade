// SPDX-License-Identifier: Apache-2.0
// Every page works without this: it moves the focus to an error summary, makes "none of these" untick the
// rest, and lets a person see the password they type.
import { initAll } from "./govuk-frontend.js";

initAll();
