#include "runtime/tool/data/Dataset.h"
#include "runtime/tool/data/Npy.h"
#include "runtime/tool/data/Sources.h"
#include "test/tool/Scratch.h"

#include <zlib.h>

namespace cnnc {
namespace {

using testing::ElementsAre;

class DataTest : public Scratch {
protected:
  fs::path writeGzip(const std::string &name, const std::string &contents) const {
    fs::path path = folder / name;
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, contents.data(), static_cast<unsigned>(contents.size()));
    gzclose(file);
    return path;
  }

  /// An IDX header, and what follows it.
  static std::string idx(std::initializer_list<uint32_t> sizes, const std::string &values, char type = 8) {
    std::string text = {0, 0, type, static_cast<char>(sizes.size())};
    for (uint32_t size : sizes)
      for (int shift : {24, 16, 8, 0})
        text += static_cast<char>(size >> shift);
    return text + values;
  }

  static std::string npy(const std::string &dictionary, const std::string &values) {
    std::string text = std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(dictionary.size()) + '\0';
    return text + dictionary + values;
  }

  static std::vector<float> row(const Column &column, size_t index) {
    std::vector<float> values(column.elements());
    column.row(index, values.data());
    return values;
  }

  static const cnnc_tensor_info &images() {
    static const cnnc_tensor_info info = {"image", "", cnnc_f32, 3, {1, 2, 2}, 4, 0, 0, 0, 0};
    return info;
  }
  static const cnnc_tensor_info &labels() {
    static const cnnc_tensor_info info = {"label", "", cnnc_i32, 0, {}, 1, 3, -100, 0, 0};
    return info;
  }
  SourceContext context() const { return {{folder}, {&images(), 1}, {&labels(), 1}}; }
};

TEST_F(DataTest, IdxPlainAndGzipAreTheSame) {
  std::string contents = idx({2, 2, 2}, "\x01\x02\x03\x04\x05\x06\x07\xff");
  for (const fs::path &path : {write("plain", contents), writeGzip("packed.gz", contents)}) {
    Column column = readIdx(path);
    EXPECT_THAT(column.shape, ElementsAre(1, 2, 2));
    ASSERT_EQ(column.rows(), 2u);
    EXPECT_THAT(row(column, 1), ElementsAre(5, 6, 7, 255));
  }
}

TEST_F(DataTest, IdxIsStrict) {
  auto refuse = [&](const std::string &contents, const std::string &text) {
    expectError([&] { readIdx(write("bad", contents)); }, text);
  };
  refuse("\x01\x02\x03\x04", "is not an IDX file");
  refuse(idx({1}, "a", 13), "values of type 0x0d, only unsigned bytes (0x08) are read");
  refuse(idx({}, ""), "claims 0 dimensions");
  refuse(idx({3, 2}, "abcde"), "is cut off: its header claims at least 18 bytes, it has 17; get it again");
  refuse(idx({3}, "abcd"), "is longer than the 11 bytes its header claims");
  refuse(idx({0xffffffff, 0xffffffff, 0xffffffff}, ""), "more than is read");
  refuse(idx({3, 0}, ""), "claims a dimension of 0");
  refuse(std::string("\0\0", 2), "is cut off");
}

TEST_F(DataTest, IdxHugeClaimDoesNotAllocate) {
  expectError([&] { readIdx(write("huge", idx({0x7fffffff}, "abc"))); }, "is cut off");
}

TEST_F(DataTest, CutOffGzip) {
  std::string noise;
  for (unsigned i = 0; i < 5000; ++i)
    noise += static_cast<char>(i * 2654435761u >> 13);
  std::string packed = readText(writeGzip("whole.gz", idx({5000}, noise)), 1 << 20);
  expectError([&] { readIdx(write("half.gz", packed.substr(0, packed.size() / 2))); }, "half.gz' is");
}

TEST_F(DataTest, IdxFolderFindsItsFiles) {
  write("train-images-idx3-ubyte", idx({2, 2, 2}, "abcdefgh"));
  write("train-labels-idx1-ubyte", idx({2}, std::string("\0\2", 2)));
  writeGzip("t10k-images-idx3-ubyte.gz", idx({1, 2, 2}, "abcd"));
  writeGzip("t10k-labels-idx1-ubyte.gz", idx({1}, "\1"));
  Dataset data = readDataset(parseValue("idx(\".\")", "data"), context());
  EXPECT_EQ(data.train.rows(), 2u);
  ASSERT_TRUE(data.test);
  EXPECT_EQ(data.test->columns[1].integer(0), 1);
  fs::remove(folder / "train-labels-idx1-ubyte");
  expectError([&] { readDataset(parseValue("idx(\".\")", "data"), context()); },
              "has none of train-labels-idx1-ubyte, train-labels-idx1-ubyte.gz");
}

TEST_F(DataTest, LabelsAndCountsAreChecked) {
  write("i", idx({2, 2, 2}, "abcdefgh"));
  write("l", idx({2}, "\1\3"));
  Json call = parseValue("idx(images: \"i\", labels: \"l\")", "data");
  expectError([&] { readDataset(call, context()); }, "has the label 3 at example 1, the model knows 0 to 2");
  write("l", idx({3}, "\1\1\1"));
  expectError([&] { readDataset(call, context()); }, "has 2 examples and");
  write("i", idx({0, 2, 2}, ""));
  write("l", idx({0}, ""));
  expectError([&] { readDataset(call, context()); }, "has no examples");
}

TEST_F(DataTest, Cifar) {
  std::string image(3072, 'x');
  fs::path path = write("batch", std::string("\3", 1) + image + std::string("\x09", 1) + image);
  Part part = readCifar({&path, 1}, 1, 10);
  EXPECT_EQ(part.rows(), 2u);
  EXPECT_THAT(part.columns[0].shape, ElementsAre(3, 32, 32));
  EXPECT_EQ(part.columns[1].integer(1), 9);
  EXPECT_EQ(row(part.columns[0], 1).back(), float('x'));
  expectError([&] { readCifar({&path, 1}, 1, 9); }, "has the label 9 at example 1, expected 0 to 8");
  fs::path fine = write("fine", std::string("\7\x63", 2) + image);
  EXPECT_EQ(readCifar({&fine, 1}, 2, 100).columns[1].integer(0), 99);
  fs::path cut = write("cut", std::string("\3", 1) + image + "more");
  expectError([&] { readCifar({&cut, 1}, 1, 10); }, "has 3077 bytes, not a multiple of the 3073 of an example");
}

TEST_F(DataTest, NpyTypes) {
  auto read = [&](const std::string &type, const std::string &values) {
    return readNpy(write("a.npy", npy("{'descr': '" + type + "', 'fortran_order': False, 'shape': (2,), }\n", values)));
  };
  double doubles[] = {0.5, -2};
  int64_t longs[] = {-1, int64_t(1) << 40};
  EXPECT_THAT(row(read("<f8", {reinterpret_cast<char *>(doubles), 16}), 1), ElementsAre(-2));
  EXPECT_EQ(read("|u1", "\1\xfe").integer(1), 254);
  expectError([&] { read("<i8", {reinterpret_cast<char *>(longs), 16}); }, "has the value 1099511627776, more than 32 bits");
  expectError([&] { read(">f4", "12345678"); }, "holds values of type '>f4'");
}

TEST_F(DataTest, NpyIsStrict) {
  auto refuse = [&](const std::string &contents, const std::string &text) {
    expectError([&] { readNpy(write("a.npy", contents)); }, text);
  };
  auto shape = [&](const std::string &dims, const std::string &values) {
    return npy("{'descr': '|u1', 'fortran_order': False, 'shape': " + dims + "}", values);
  };
  refuse("numpy", "is not a .npy file");
  refuse(std::string("\x93NUMPY\x09\x00\x01\x00", 10), "has .npy version 9");
  refuse(std::string("\x93NUMPY\x02\x00\xff\xff\xff\x7f", 12), "claims a .npy header of 2147483647 bytes");
  refuse(std::string("\x93NUMPY\x01\x00\xff\x01", 10), "is cut off");
  refuse(shape("(3, 2)", "abcde"), "claims the shape [3, 2] (6 bytes), the file holds 5 bytes of values");
  refuse(shape("(3, 2)", "abcdefg"), "the file holds 7 bytes of values");
  refuse(shape("(100000000000, 100000000000)", ""), "more than is read");
  refuse(shape("()", "a"), "is a single number");
  refuse(shape("(2, 0)", ""), "it has no examples or they are empty");
  refuse(shape("(1,1,1,1,1,1,1,1,1)", "a"), "malformed .npy header");
  refuse(npy("{'descr': '|u1', 'shape': (1,)}", "a"), "malformed .npy header");
  refuse(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2)}", "abcd"), "is in Fortran order");
}

TEST_F(DataTest, NpyRoundTrip) {
  NpyArray array = {{2, 3}, {1, 2, 3, 4, 5, -6.5f}};
  writeFile(folder / "a.npy", npyBytes(array));
  EXPECT_EQ((fs::file_size(folder / "a.npy") - 24) % 64, 0u);
  Column column = readNpy(folder / "a.npy");
  EXPECT_THAT(column.shape, ElementsAre(3));
  EXPECT_THAT(row(column, 1), ElementsAre(4, 5, -6.5f));
}

TEST_F(DataTest, Csv) {
  EXPECT_THAT(readCsv(write("a.csv", "x,y\r\n1, 2\r\n\r\n-3,4e1\n")), ElementsAre(ElementsAre(1, 2), ElementsAre(-3, 40)));
  expectError([&] { readCsv(write("b.csv", "1,2\n3\n")); }, "line 2 has 1 numbers, the first row has 2");
  expectError([&] { readCsv(write("c.csv", "1,2\n3,four\n")); }, "line 2 is not a row of numbers");
  expectError([&] { readCsv(write("d.csv", "1\nnan\n")); }, "line 2 is not a row of numbers");
}

TEST_F(DataTest, DigitsAreWhatTheirReadmeSays) {
  SourceContext digits = {{CNNC_SOURCE_DIR}, {&images(), 1}, {&labels(), 1}};
  Call call(parseValue("idx(\"examples/digits/data\")", "data"), "data");
  Dataset data = readIdxSource(call, digits);
  ASSERT_EQ(data.train.rows(), 1442u);
  ASSERT_EQ(data.test->rows(), 355u);
  EXPECT_THAT(data.train.columns[0].shape, ElementsAre(1, 8, 8));
  std::vector<int> counts(10);
  for (size_t i = 0; i < data.test->rows(); ++i)
    ++counts[size_t(data.test->columns[1].integer(i))];
  EXPECT_THAT(counts, testing::Each(testing::AllOf(testing::Ge(34), testing::Le(37))));
}

TEST_F(DataTest, Points) {
  Dataset data =
      readDataset(parseValue("points([[1, 2, 3, 4, 0], [5, 6, 7, 8, 2]], test: [[0, 0, 0, 0, 1]])", "data"), context());
  EXPECT_THAT(row(data.train.columns[0], 1), ElementsAre(5, 6, 7, 8));
  EXPECT_EQ(data.train.columns[1].integer(1), 2);
  EXPECT_EQ(data.test->rows(), 1u);
  auto refuse = [&](const char *text, const std::string &message) {
    expectError([&] { readDataset(parseValue(text, "data"), context()); }, message);
  };
  refuse("points(3)", "points's 'rows' is 3, expected rows such as [[0, 1], [1, 3]]");
  refuse("points([3])", "points's 'rows' has the row 3, expected numbers such as [0, 1]");
  refuse("points([[1, 2]])", "row 1 of points has 2 numbers, the model's inputs and targets take 5");
}

} // namespace
} // namespace cnnc
