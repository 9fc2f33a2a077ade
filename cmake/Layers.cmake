# SPDX-License-Identifier: Apache-2.0
# One CMake target per folder of src/, and links that only go down.
#
#   fb_library(<folder> LINKS <folder>... USES <outside library>...)
#
# makes the static library fb_<folder> from the folder's *.cc, the unit tests <folder>_test from its
# *_test.cc, and one fuzz target per *_fuzz.cc. What stands in a folder testing/ is for tests alone and
# no part of the library. Linking a folder that does not stand below stops the configuration, with the
# two names; tools/check-layers checks the #include lines in the same way.
#
# The order, lowest first; a folder may link only what stands before it in its row's list.
set(FB_BELOW_base "")
set(FB_BELOW_policy base)
set(FB_BELOW_ledger base)
set(FB_BELOW_vault base)
set(FB_BELOW_identity base vault)
set(FB_BELOW_register base policy ledger vault identity)
set(FB_BELOW_channel base policy ledger vault identity register)
set(FB_BELOW_web base policy ledger vault identity register channel)
set(FB_BELOW_cli base policy ledger vault identity register channel web)

# What nearly every file includes, read once for each build: a sixth of the whole. A target that is the first with
# these headers makes them, the others take its. Each file includes what it needs all the same: the tidy preset
# compiles every file without this.
set(FB_HEADERS <algorithm> <charconv> <chrono> <cstdint> <filesystem> <fstream> <functional> <map> <memory> <mutex>
    <optional> <set> <sstream> <string> <string_view> <thread> <unordered_map> <variant> <vector> <nlohmann/json.hpp>)
function(fb_precompile target)
  string(MD5 headers "${ARGN}")
  get_property(first GLOBAL PROPERTY FB_PRECOMPILED_${headers})
  if(first)
    target_precompile_headers(${target} REUSE_FROM ${first})
  else()
    target_precompile_headers(${target} PRIVATE ${ARGN})
    set_property(GLOBAL PROPERTY FB_PRECOMPILED_${headers} ${target})
  endif()
endfunction()

function(fb_library folder)
  cmake_parse_arguments(ARG "" "" "LINKS;USES" ${ARGN})
  foreach(link IN LISTS ARG_LINKS)
    if(NOT link IN_LIST FB_BELOW_${folder})
      message(FATAL_ERROR "src/${folder} may not link src/${link}: it does not stand below it (cmake/Layers.cmake)")
    endif()
  endforeach()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${sources})
  set(fuzzers ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz|bench)\\.cc$|/main\\.cc$|/testing/")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")
  add_library(fb_${folder} STATIC ${sources})
  target_include_directories(fb_${folder} PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/src>)
  fb_precompile(fb_${folder} ${FB_HEADERS})
  list(TRANSFORM ARG_LINKS PREPEND fb_)
  target_link_libraries(fb_${folder} PUBLIC ${ARG_LINKS} ${ARG_USES})
  if(FIREBREAK_TESTS AND tests)
    add_executable(${folder}_test ${tests})
    target_link_libraries(${folder}_test PRIVATE fb_${folder} GTest::gtest GTest::gtest_main rapidcheck)
    target_compile_definitions(${folder}_test PRIVATE FIREBREAK_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_compile_options(${folder}_test PRIVATE -O0)  # a test's own code runs once; optimizing it is half of its build
    fb_precompile(${folder}_test ${FB_HEADERS} <gtest/gtest.h> <rapidcheck.h>)
    add_test(NAME ${folder} COMMAND ${folder}_test)
  endif()
  if(FIREBREAK_FUZZ)
    foreach(fuzzer IN LISTS fuzzers)
      get_filename_component(name ${fuzzer} NAME_WE)
      add_executable(${name} ${fuzzer})
      target_link_libraries(${name} PRIVATE fb_${folder})
      target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    endforeach()
  endif()
endfunction()
