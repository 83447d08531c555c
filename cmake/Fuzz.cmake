# -DCNNC_FUZZ=ON builds the compiler with ASan, UBSan and libFuzzer's view of which code runs. ./dev fuzz uses it; nothing
# else should, as what it builds is slow.
option(CNNC_FUZZ "Instrument the compiler for libFuzzer, with ASan and UBSan" OFF)
if(NOT CNNC_FUZZ)
  return()
endif()
if(NOT CMAKE_CXX_COMPILER_ID MATCHES Clang)
  message(FATAL_ERROR "CNNC_FUZZ needs clang, whose libFuzzer it uses; this is ${CMAKE_CXX_COMPILER_ID}")
endif()
# LLVM has no run-time types, so that vptr cannot be checked.
add_compile_options(-g1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined,float-cast-overflow -fno-sanitize=vptr -fno-sanitize-recover=all)
add_link_options(-fsanitize=address,undefined)
