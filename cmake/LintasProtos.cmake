# Generates C++ for every proto under proto/ and for google/rpc. Messages and stubs are libraries of
# their own, so that only client/ and the tests pay for the gRPC headers.
find_program(PROTOC protoc REQUIRED)
find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
set(GOOGLEAPIS_DIR /usr/share/gocode/src/github.com/gogo/googleapis
    CACHE PATH "Folder that holds google/rpc/*.proto (golang-github-gogo-googleapis-dev)")
set(PROTO_DIR ${CMAKE_SOURCE_DIR}/proto)
set(GEN_DIR ${CMAKE_BINARY_DIR}/gen)
file(MAKE_DIRECTORY ${GEN_DIR})

file(GLOB_RECURSE PROTO_FILES CONFIGURE_DEPENDS RELATIVE ${PROTO_DIR} ${PROTO_DIR}/*.proto)
set(PB_SOURCES)
set(GRPC_SOURCES)
foreach(proto ${PROTO_FILES} google/rpc/error_details.proto google/rpc/status.proto)
  string(REGEX REPLACE "\\.proto$" "" base ${proto})
  if(proto MATCHES "^google/")
    set(root ${GOOGLEAPIS_DIR})
  else()
    set(root ${PROTO_DIR})
  endif()
  file(STRINGS ${root}/${proto} services REGEX "^service ")
  set(outs ${GEN_DIR}/${base}.pb.cc ${GEN_DIR}/${base}.pb.h)
  set(grpc_args)
  if(services)
    # First, as in protoc's list of dependencies: ninja takes a list that begins with another file for
    # none, and makes everything again each time.
    list(PREPEND outs ${GEN_DIR}/${base}.grpc.pb.cc ${GEN_DIR}/${base}.grpc.pb.h)
    set(grpc_args --grpc_out=${GEN_DIR} --plugin=protoc-gen-grpc=${GRPC_CPP_PLUGIN})
    list(APPEND GRPC_SOURCES ${GEN_DIR}/${base}.grpc.pb.cc)
  endif()
  list(APPEND PB_SOURCES ${GEN_DIR}/${base}.pb.cc)
  get_filename_component(folder ${GEN_DIR}/${base} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(OUTPUT ${outs}
    COMMAND ${PROTOC} -I${PROTO_DIR} -I${GOOGLEAPIS_DIR} --cpp_out=${GEN_DIR} ${grpc_args}
            --dependency_out=${GEN_DIR}/${base}.d ${root}/${proto}
    DEPENDS ${root}/${proto} DEPFILE ${GEN_DIR}/${base}.d VERBATIM)
endforeach()

add_library(lintas_proto STATIC ${PB_SOURCES})
target_include_directories(lintas_proto SYSTEM PUBLIC ${GEN_DIR})
target_link_libraries(lintas_proto PUBLIC protobuf::libprotobuf Threads::Threads)

if(GRPC_SOURCES)
  add_library(lintas_grpc STATIC ${GRPC_SOURCES})
  target_link_libraries(lintas_grpc PUBLIC lintas_proto gRPC::grpc++)
endif()
