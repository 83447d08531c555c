# Helpers for the targets that see LLVM and MLIR.
#
# One include root for sources, one for generated files: every #include is
# spelled from the repository root.

include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
include_directories(${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})

add_library(cnnc-llvm INTERFACE)
target_compile_options(cnnc-llvm INTERFACE -fno-rtti -fno-exceptions -Wall -Wextra -Wno-unused-parameter -Wno-nullability-completeness)
separate_arguments(llvm_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_definitions(cnnc-llvm INTERFACE ${llvm_definitions})
target_link_libraries(cnnc-llvm INTERFACE MLIR LLVM)

# MLIR's headers cost four seconds a file: parse them once.
file(WRITE ${PROJECT_BINARY_DIR}/pch.cpp "")
add_library(cnnc-pch OBJECT ${PROJECT_BINARY_DIR}/pch.cpp)
target_link_libraries(cnnc-pch PRIVATE cnnc-llvm)
target_precompile_headers(cnnc-pch PRIVATE
  <mlir/Dialect/Arith/IR/Arith.h> <mlir/Dialect/Func/IR/FuncOps.h> <mlir/Dialect/MemRef/IR/MemRef.h>
  <mlir/Dialect/SCF/IR/SCF.h> <mlir/Dialect/Vector/IR/VectorOps.h> <mlir/IR/PatternMatch.h> <mlir/Pass/Pass.h>
  <mlir/Transforms/GreedyPatternRewriteDriver.h>)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  target_compile_options(cnnc-llvm INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
  # clang finds the .pch beside the header, and ccache knows the option: it makes the path relative.
  set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -include <PCH_HEADER>)
endif()
# The precompiled header holds paths of its build folder. With CCACHE_PCH_EXTSUM ccache hashes this line in its place, so
# that clones share a cache.
get_target_property(headers cnnc-pch PRECOMPILE_HEADERS)
string(SHA256 checksum "${LLVM_PACKAGE_VERSION} ${headers}")
file(WRITE ${PROJECT_BINARY_DIR}/CMakeFiles/cnnc-pch.dir/cmake_pch.hxx.pch.sum "${checksum}\n")

# cnnc_library(<name> SOURCES <file>... [DEPENDS <target>...] [LINKS <lib>...])
function(cnnc_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC cnnc-llvm ${ARG_LINKS})
  target_precompile_headers(${name} REUSE_FROM cnnc-pch)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# cnnc_tool(<name> SOURCES <file>... [LINKS <lib>...])
function(cnnc_tool name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  # -fPIC, as the precompiled header has; CMake would give an executable -fPIE.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${name} PRIVATE -fPIC)
  target_link_libraries(${name} PRIVATE cnnc-llvm ${ARG_LINKS})
  target_precompile_headers(${name} REUSE_FROM cnnc-pch)
endfunction()

# cnnc_tablegen(<target> <td> <flag> <output> ...): one generated file per pair.
function(cnnc_tablegen target td)
  set(LLVM_TARGET_DEFINITIONS ${td})
  set(pairs ${ARGN})
  while(pairs)
    list(POP_FRONT pairs output)
    list(POP_FRONT pairs flags)
    separate_arguments(flags)
    mlir_tablegen(${output} ${flags} -I${PROJECT_SOURCE_DIR})
  endwhile()
  add_public_tablegen_target(${target})
endfunction()
