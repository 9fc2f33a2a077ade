# SPDX-License-Identifier: Apache-2.0
# Writes a C++ file that holds the bytes of FILE: cmake -DFILE=... -DOUT=... -P embed.cmake
file(READ ${FILE} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
string(REPLACE "'\\x0a'," "'\\x0a',\n" bytes "${bytes}")
file(WRITE ${OUT} "// Made from openapi.json by src/web/embed.cmake.
#include \"web/api.h\"
namespace firebreak::web {
static const char kBytes[] = {
${bytes}};
std::string_view openapi_document() { return {kBytes, sizeof kBytes}; }
}  // namespace firebreak::web
")
