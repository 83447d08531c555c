# onnx.proto of the newest release, and ONNX's message classes made from it.
#
# The file comes with the wheel of the Python package onnx: Debian's copy is too old. It is fetched once and kept in the user's
# cache; -DCNNC_ONNX_PROTO=<file> takes another one, such as where there is no network.

set(CNNC_ONNX_PROTO "" CACHE FILEPATH "onnx.proto to use in place of the one from PyPI")
set(onnx_release 1.23.2)
set(onnx_sha256 547214dd049486a4d5ecbae593e9c72d90b5e8d603944b722eff469e0b5a9cc9)

# Sets `result` to whether `file` is the release's.
function(cnnc_is_onnx_proto file result)
  set(${result} FALSE PARENT_SCOPE)
  if(EXISTS ${file})
    file(SHA256 ${file} checksum)
    if(checksum STREQUAL onnx_sha256)
      set(${result} TRUE PARENT_SCOPE)
    endif()
  endif()
endfunction()

# Fetches the wheel with pip and writes its onnx.proto to `file`.
function(cnnc_fetch_onnx_proto file)
  find_package(Python3 QUIET COMPONENTS Interpreter)
  set(folder ${PROJECT_BINARY_DIR}/onnx-wheel)
  file(REMOVE_RECURSE ${folder})
  message(STATUS "Fetching onnx ${onnx_release} from PyPI for its onnx.proto (9 MB)")
  execute_process(COMMAND ${Python3_EXECUTABLE} -m pip download --quiet --no-deps --only-binary=:all: --dest ${folder} onnx==${onnx_release}
    RESULT_VARIABLE failed ERROR_VARIABLE why OUTPUT_QUIET)
  file(GLOB wheel ${folder}/*.whl)
  if(NOT failed AND wheel)
    file(ARCHIVE_EXTRACT INPUT ${wheel} DESTINATION ${folder} PATTERNS onnx/onnx.proto)
  endif()
  cnnc_is_onnx_proto(${folder}/onnx/onnx.proto good)
  if(NOT good)
    message(FATAL_ERROR "cannot fetch onnx.proto: pip has no wheel of onnx ${onnx_release} with the expected file.\n${why}\n"
      "Connect to the network, or pass -DCNNC_ONNX_PROTO=<file> with the onnx.proto of that release "
      "(https://github.com/onnx/onnx/blob/v${onnx_release}/onnx/onnx.proto), SHA-256 ${onnx_sha256}.")
  endif()
  # A build beside this one may read the cache: it sees all of the file or nothing.
  cmake_path(GET file PARENT_PATH cache)
  string(RANDOM LENGTH 12 unique)
  file(MAKE_DIRECTORY ${cache})
  file(COPY_FILE ${folder}/onnx/onnx.proto ${file}.${unique})
  file(RENAME ${file}.${unique} ${file})
  file(REMOVE_RECURSE ${folder})
endfunction()

if(CNNC_ONNX_PROTO)
  if(NOT EXISTS ${CNNC_ONNX_PROTO})
    message(FATAL_ERROR "CNNC_ONNX_PROTO names '${CNNC_ONNX_PROTO}', which is no file")
  endif()
  set(onnx_proto ${CNNC_ONNX_PROTO})
else()
  set(cache $ENV{XDG_CACHE_HOME})
  if(NOT cache)
    set(cache $ENV{HOME}/.cache)
  endif()
  set(onnx_proto ${cache}/cnnc/onnx-${onnx_release}.proto)
  cnnc_is_onnx_proto(${PROJECT_BINARY_DIR}/frontends/onnx/onnx.proto here)
  cnnc_is_onnx_proto(${onnx_proto} cached)
  if(here)
    set(onnx_proto ${PROJECT_BINARY_DIR}/frontends/onnx/onnx.proto)
  elseif(NOT cached)
    cnnc_fetch_onnx_proto(${onnx_proto})
  endif()
endif()
# In the tree of generated files, so that the header is spelled from the root.
if(NOT here)
  configure_file(${onnx_proto} ${PROJECT_BINARY_DIR}/frontends/onnx/onnx.proto COPYONLY)
endif()

set(Protobuf_USE_STATIC_LIBS ON)
find_package(Protobuf REQUIRED)
set(onnx_messages ${PROJECT_BINARY_DIR}/frontends/onnx/onnx.pb)
add_custom_command(OUTPUT ${onnx_messages}.h ${onnx_messages}.cc
  COMMAND ${Protobuf_PROTOC_EXECUTABLE} -I${PROJECT_BINARY_DIR} --cpp_out=lite:${PROJECT_BINARY_DIR} frontends/onnx/onnx.proto
  DEPENDS ${PROJECT_BINARY_DIR}/frontends/onnx/onnx.proto VERBATIM)
add_library(CnncOnnxMessages STATIC ${onnx_messages}.cc)
target_compile_options(CnncOnnxMessages PRIVATE -w)
target_link_libraries(CnncOnnxMessages PUBLIC protobuf::libprotobuf-lite)
