/// \file A folder for a test's files, and a check of error texts.
#ifndef TEST_TOOL_SCRATCH_H
#define TEST_TOOL_SCRATCH_H

#include "runtime/tool/Error.h"
#include "runtime/tool/File.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace cnnc {

/// Gone with its files at the end of the test.
class Scratch : public testing::Test {
protected:
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "cnnrt-unit-XXXXXX").string();
    folder = mkdtemp(pattern.data());
  }
  ~Scratch() override { fs::remove_all(folder); }

  fs::path write(const std::string &name, const std::string &contents) const {
    std::ofstream(folder / name, std::ios::binary) << contents;
    return folder / name;
  }

  fs::path folder;
};

/// Expects that `call` throws an Error whose text holds `text`.
template <typename Callable> void expectError(Callable call, const std::string &text) {
  try {
    call();
    ADD_FAILURE() << "no error, expected: " << text;
  } catch (const Error &error) {
    EXPECT_THAT(error.what(), testing::HasSubstr(text));
  }
}

} // namespace cnnc

#endif
