-- SPDX-License-Identifier: Apache-2.0
-- wrk -s bodies.lua URL -- FILE [TOKEN]: posts the lines of the file, one after the other, over and over.
local bodies = {}
local next_one = 0

function init(arguments)
  local headers = {["Content-Type"] = "application/json"}
  if arguments[2] then headers["Authorization"] = "Bearer " .. arguments[2] end
  for line in io.lines(arguments[1]) do bodies[#bodies + 1] = wrk.format("POST", nil, headers, line) end
end

function request()
  next_one = next_one % #bodies + 1
  return bodies[next_one]
end
