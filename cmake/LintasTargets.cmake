# One static library per folder under server/ (floors of docs/architecture.md), found by glob, and
# one test program per folder under tests/unit, so that no list of files is kept by hand.
add_library(lintas_flags INTERFACE)
target_include_directories(lintas_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(lintas_flags INTERFACE -Wall -Wextra -Werror=unused-result -Werror=return-type)

# lintas_library(NAME FOLDER DEPS...): all .cc below FOLDER.
function(lintas_library name folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cc)
  list(FILTER sources EXCLUDE REGEX "_main\\.cc$")
  # A library of its own: its tests link it without the floors below edge/.
  if(NOT folder STREQUAL "server/edge/tls")
    list(FILTER sources EXCLUDE REGEX "/server/edge/tls/")
  endif()
  # Pure, without protos: libraries of their own.
  if(NOT folder MATCHES "^(server/areas/statistics/figures|client/sdmx|client/statistics)$")
    list(FILTER sources EXCLUDE REGEX "/(server/areas/statistics/figures|client/sdmx|client/statistics)/")
  endif()
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC lintas_flags ${ARGN})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE lintas_flags ${ARGN})
  endif()
endfunction()

lintas_library(lintas_base server/base lintas_proto absl::status absl::statusor absl::strings
               absl::time absl::span spdlog::spdlog)
lintas_library(lintas_crypto server/crypto lintas_base OpenSSL::Crypto)
lintas_library(lintas_call server/call lintas_base lintas_crypto lintas_proto)
lintas_library(lintas_matching server/matching lintas_base absl::flat_hash_map absl::flat_hash_set
               ICU::uc ICU::i18n)
lintas_library(lintas_store server/store lintas_base lintas_call lintas_crypto absl::btree
               absl::flat_hash_map absl::synchronization RocksDB::rocksdb-shared)
lintas_library(lintas_ledger server/ledger lintas_store absl::flat_hash_map absl::synchronization)
lintas_library(lintas_agreement server/agreement lintas_ledger)
lintas_library(lintas_records server/records lintas_agreement lintas_matching)
lintas_library(lintas_link server/link lintas_records)
lintas_library(lintas_figures server/areas/statistics/figures absl::status absl::statusor absl::strings
               absl::span)
lintas_library(lintas_areas server/areas lintas_records lintas_figures)
lintas_library(lintas_admission server/admission lintas_records)
lintas_library(lintas_tls server/edge/tls lintas_call absl::flat_hash_map absl::synchronization
               gRPC::grpc++ OpenSSL::SSL)
lintas_library(lintas_edge server/edge lintas_admission lintas_tls lintas_grpc gRPC::grpc++ gRPC::grpc++_reflection
               OpenSSL::SSL prometheus-cpp::core prometheus-cpp::pull)
lintas_library(lintas_node server/main lintas_edge lintas_areas lintas_link)
# The node without its network, for the simulation.
add_library(lintas_core STATIC server/main/node.cc)
target_link_libraries(lintas_core PUBLIC lintas_areas lintas_link lintas_admission)
lintas_library(lintas_sdmx client/sdmx absl::status absl::statusor absl::strings)
lintas_library(lintas_charts client/statistics lintas_sdmx lintas_figures)
lintas_library(lintas_client client lintas_grpc lintas_tls lintas_ledger lintas_matching lintas_sdmx
               lintas_charts OpenSSL::SSL csv)
# The agencies' mapping files stand in the program, so that `--agency` works wherever it is copied.
file(GLOB mapping_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/client/import/mappings/*.json)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${mapping_files})
set(mapping_rows "")
foreach(mapping ${mapping_files})
  get_filename_component(agency ${mapping} NAME_WE)
  file(READ ${mapping} mapping_json)
  string(APPEND mapping_rows "      {\"${agency}\", R\"json(${mapping_json})json\"},\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/gen/built_in_mappings.cc @ONLY CONTENT
     "#include \"client/import/mapping.h\"

namespace lintas::client {

const std::vector<BuiltInMapping>& BuiltInMappings() {
  static const auto& mappings = *new std::vector<BuiltInMapping>{
@mapping_rows@  };
  return mappings;
}

}  // namespace lintas::client
")
target_sources(lintas_client PRIVATE ${CMAKE_BINARY_DIR}/gen/built_in_mappings.cc)
# What runs once a call and waits for a person: a fifth less compiling.
file(GLOB command_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/client/commands/*.cc)
set_source_files_properties(${command_files} PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-O1>)
lintas_library(lintas_certs certs lintas_ledger lintas_call OpenSSL::SSL)

# lintas_program(NAME MAIN DEPS...): one executable, left out until its main file is there.
function(lintas_program name main)
  if(EXISTS ${CMAKE_SOURCE_DIR}/${main})
    add_executable(${name} ${main})
    target_link_libraries(${name} PRIVATE lintas_flags ${ARGN} lintas_allocator)
  endif()
endfunction()
lintas_program(lintasd server/main/lintasd_main.cc lintas_node)
lintas_program(lintas client/lintas_main.cc lintas_client)
lintas_program(lintas-sample client/lintas_sample_main.cc lintas_client)
lintas_program(lintas-pki certs/lintas_pki_main.cc lintas_certs)
lintas_program(lintas-statistics-bench tests/bench/statistics/counters_bench_main.cc lintas_figures
               benchmark)
lintas_program(lintas-bench tests/bench/lintas_bench_main.cc lintas_node lintas_client)
if(TARGET lintas-bench)
  file(GLOB bench_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/bench/*.cc)
  list(FILTER bench_sources EXCLUDE REGEX "_main\\.cc$")
  target_sources(lintas-bench PRIVATE ${bench_sources})
  target_compile_definitions(lintas-bench PRIVATE LINTAS_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_dependencies(lintas-bench lintasd lintas lintas-pki)  # It runs them.
endif()


# Every folder below tests/{unit,arch,contract,golden,simulation} that holds *_test.cc is one program,
# named after its path: tests/unit/server/ledger is unit_server_ledger_test.
file(GLOB_RECURSE test_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/*_test.cc
     ${CMAKE_SOURCE_DIR}/tests/arch/*_test.cc ${CMAKE_SOURCE_DIR}/tests/contract/*_test.cc
     ${CMAKE_SOURCE_DIR}/tests/golden/*_test.cc ${CMAKE_SOURCE_DIR}/tests/simulation/*_test.cc
     ${CMAKE_SOURCE_DIR}/tests/integration/*_test.cc)
set(test_folders)
foreach(file ${test_files})
  get_filename_component(folder ${file} DIRECTORY)
  list(APPEND test_folders ${folder})
endforeach()
list(REMOVE_DUPLICATES test_folders)
foreach(folder ${test_folders})
  file(RELATIVE_PATH name ${CMAKE_SOURCE_DIR}/tests ${folder})
  string(REPLACE "/" "_" name ${name})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cc)
  list(FILTER sources EXCLUDE REGEX "_main\\.cc$")
  add_executable(${name}_test ${sources})
  # Floor by floor: a pure test links only what it needs, so that it builds before the rest does.
  set(libs lintas_node lintas_client lintas_certs)
  if(name MATCHES "^(unit_server_edge_tls|integration_tls)")
    set(libs lintas_tls lintas_certs)
  elseif(name MATCHES "^unit_server_areas_statistics_figures")
    set(libs lintas_figures glpk)  # The attack on released tables uses a solver of its own.
  elseif(name MATCHES "^unit_client_sdmx")
    set(libs lintas_sdmx)
  elseif(name MATCHES "^unit_client_statistics")
    set(libs lintas_charts)
  elseif(name MATCHES "^unit_server_(records|link|areas)")
    set(libs lintas_core lintas_client)  # Behaviours of whole nodes, and receipts as clients check them.
  elseif(name MATCHES "^unit_server_(base|crypto|call|matching|store|ledger|agreement|records|link|areas|admission|edge)")
    set(libs lintas_${CMAKE_MATCH_1})
  elseif(name MATCHES "^unit_client_agreement")
    set(libs lintas_client lintas_agreement)  # What the client signs, a node must take.
  elseif(name MATCHES "^integration_edge")
    set(libs lintas_edge)
  elseif(name MATCHES "^unit_client")
    set(libs lintas_client lintas_certs)
  elseif(name MATCHES "^unit_certs")
    set(libs lintas_certs)
  elseif(name MATCHES "^contract_store")
    set(libs lintas_store)
  elseif(name MATCHES "^contract_admission")
    set(libs lintas_admission)
  elseif(name MATCHES "^simulation")
    set(libs lintas_core)
  elseif(name MATCHES "^arch")
    set(libs lintas_base)
  elseif(name MATCHES "^golden|^integration_sumdb")
    set(libs lintas_ledger)
  endif()
  target_link_libraries(${name}_test PRIVATE ${libs} GTest::gmock GTest::gtest_main)
  # Tests check more than they compute; only the simulation's seeds are counted in minutes.
  if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT name MATCHES "^simulation")
    target_compile_options(${name}_test PRIVATE -O1)
  endif()
  target_compile_definitions(${name}_test PRIVATE LINTAS_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             LINTAS_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name}_test)
endforeach()

if(LINTAS_FUZZ)
  file(GLOB fuzzers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*_fuzz.cc)
  foreach(file ${fuzzers})
    get_filename_component(name ${file} NAME_WE)
    add_executable(${name} ${file})
    target_link_libraries(${name} PRIVATE lintas_node lintas_client)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  endforeach()
else()
  # The same targets with a plain main that replays a corpus: runs in every tests/run.
  file(GLOB fuzzers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*_fuzz.cc)
  foreach(file ${fuzzers})
    get_filename_component(name ${file} NAME_WE)
    add_executable(${name}_replay ${file} ${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cc)
    target_link_libraries(${name}_replay PRIVATE lintas_node lintas_client)
    string(REGEX REPLACE "_fuzz$" "" corpus ${name})
    add_test(NAME fuzz_${corpus} COMMAND ${name}_replay ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${corpus})
  endforeach()
endif()
