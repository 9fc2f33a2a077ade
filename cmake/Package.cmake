# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts in place: the policy engine as a CMake package (FirebreakPolicy, target
# Firebreak::policy) and for pkg-config, its public headers with what they include, and the policies.
# docs/embedding.md says how it is used; tests/package holds the list of headers to what is needed.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/FirebreakPolicy)
set(package_headers ${CMAKE_INSTALL_INCLUDEDIR}/firebreak)

set_target_properties(fb_policy PROPERTIES OUTPUT_NAME firebreak_policy EXPORT_NAME policy)
set_target_properties(fb_base PROPERTIES OUTPUT_NAME firebreak_base EXPORT_NAME base)
target_compile_features(fb_base PUBLIC cxx_std_20)
install(TARGETS fb_policy fb_base EXPORT FirebreakPolicy
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} INCLUDES DESTINATION ${package_headers})
install(EXPORT FirebreakPolicy FILE FirebreakPolicyTargets.cmake NAMESPACE Firebreak:: DESTINATION ${package_dir})

install(FILES src/policy/policy.h src/policy/answerer.h src/policy/batch.h src/policy/dates.h src/policy/vocabulary.h
        DESTINATION ${package_headers}/policy)
install(FILES src/base/clock.h src/base/json.h src/base/result.h DESTINATION ${package_headers}/base)
install(DIRECTORY policies/ DESTINATION ${CMAKE_INSTALL_DATADIR}/firebreak/policies
        FILES_MATCHING PATTERN "*.policy" PATTERN "*.vocabulary" PATTERN "*.offences")

set(package_policies ${CMAKE_INSTALL_DATADIR}/firebreak/policies)
configure_package_config_file(cmake/FirebreakPolicyConfig.cmake.in ${CMAKE_BINARY_DIR}/FirebreakPolicyConfig.cmake
                              INSTALL_DESTINATION ${package_dir} PATH_VARS package_policies)
# Before version 1 a new minor version may change the interface.
write_basic_package_version_file(${CMAKE_BINARY_DIR}/FirebreakPolicyConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/FirebreakPolicyConfig.cmake ${CMAKE_BINARY_DIR}/FirebreakPolicyConfigVersion.cmake
        DESTINATION ${package_dir})

configure_file(cmake/firebreak-policy.pc.in ${CMAKE_BINARY_DIR}/firebreak-policy.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/firebreak-policy.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
