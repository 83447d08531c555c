#include "runtime/core/safetensors.h"

#include "runtime/core/text.h"
#include "test/runtime/core/Model.h"

#include <gtest/gtest.h>

namespace {

struct File {
  cnnc_safetensors file;
  char text[CNNC_TEXT_BYTES] = "";
  cnnc_status status;
  std::string bytes;

  explicit File(std::string contents) : bytes(std::move(contents)) {
    status = cnnc_safetensors_read(bytes.data(), bytes.size(), &file, text);
  }
  ~File() { cnnc_safetensors_free(&file); }
};

TEST(Safetensors, ReadsTensorsAndMetadata) {
  File f(makeFile(
      R"({"__metadata__":{"a":"1","b\n":"\u00e9\ud83d\ude00\"\\\/"}, "x" : {"shape":[2, 0,3],"dtype":"U8","data_offsets":[8,8]},
"y":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}   )",
      8));
  ASSERT_EQ(f.status, cnnc_ok) << f.text;
  ASSERT_EQ(f.file.count, 2u);
  EXPECT_STREQ(f.file.tensors[0].name, "y");
  EXPECT_STREQ(f.file.tensors[1].name, "x");
  EXPECT_EQ(f.file.tensors[1].rank, 3u);
  EXPECT_EQ(f.file.tensors[1].elements, 0u);
  EXPECT_EQ(f.file.tensors[0].data, reinterpret_cast<const unsigned char *>(f.bytes.data() + f.bytes.size() - 8));
  ASSERT_EQ(f.file.metadata_count, 2u);
  EXPECT_STREQ(f.file.metadata[2], "b\n");
  EXPECT_STREQ(f.file.metadata[3], "\u00e9\U0001f600\"\\/");
}

TEST(Safetensors, ReadsAnEmptyFile) {
  File f(makeFile("{}", 0));
  EXPECT_EQ(f.status, cnnc_ok) << f.text;
  EXPECT_EQ(f.file.count, 0u);
}

TEST(Safetensors, ReadsWhatItWrites) {
  const char *metadata[] = {"key \"quoted\"", "line\nbreak"};
  const uint32_t dims[] = {2, 3};
  unsigned char buffer[512];
  cnnc_safetensors_writer w;
  uint64_t sizes[2];
  for (int pass = 0; pass < 2; ++pass) {
    cnnc_safetensors_begin(&w, pass ? buffer : nullptr, pass ? sizes[0] : 0, metadata, 1);
    cnnc_safetensors_tensor(&w, "param/", "a\\b", dims, 2);
    cnnc_safetensors_tensor(&w, "", "scalar", nullptr, 0);
    sizes[pass] = cnnc_safetensors_end(&w);
  }
  EXPECT_EQ(sizes[0], sizes[1]);
  EXPECT_EQ(sizes[0] % 8, 0u);
  EXPECT_EQ(w.data, 28u);
  File f(std::string(reinterpret_cast<char *>(buffer), sizes[0]) + std::string(28, '\1'));
  ASSERT_EQ(f.status, cnnc_ok) << f.text;
  EXPECT_STREQ(f.file.tensors[0].name, "param/a\\b");
  EXPECT_STREQ(f.file.metadata[0], metadata[0]);
  EXPECT_STREQ(f.file.metadata[1], metadata[1]);
  EXPECT_EQ(f.file.tensors[1].elements, 1u);
}

struct Bad {
  const char *header;
  size_t data;
  const char *text; // a part of the message
};

const Bad bads[] = {
    {"", 0, "should be '{'"},
    {" {}", 0, "should be '{'"},
    {"{", 0, "the name of a tensor"},
    {"[]", 0, "should be '{'"},
    {"{} x", 0, "the end of the header"},
    {R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},})", 4, "the name of a tensor"},
    {R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]})", 4, "',' or '}'"},
    {R"({"a":7})", 0, "the '{' of a tensor"},
    {R"({"a":{}})", 0, "a key of a tensor"},
    {R"({"a":{"dtype":"F32","shape":[]}})", 0, "a tensor with dtype, shape and data_offsets"},
    {R"({"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}})", 4, "each once"},
    {R"({"a":{"dtype":"F32","shape":[],"shape":[],"data_offsets":[0,4]}})", 4, "each once"},
    {R"({"a":{"dtype":"F32","shape":[],"extra":[],"data_offsets":[0,4]}})", 4, "each once"},
    {R"({"a":{"dtype":"C64","shape":[],"data_offsets":[0,8]}})", 8, "tensor 'a' has type 'C64', which is not one of safetensors"},
    {R"({"a":{"dtype":3,"shape":[],"data_offsets":[0,8]}})", 8, "a string, the type"},
    {R"({"a":{"dtype":"F32","shape":4,"data_offsets":[0,8]}})", 8, "the '[' of a shape"},
    {R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}})", 8, "a non-negative integer"},
    {R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}})", 8, "the ']' of a shape"},
    {R"({"a":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}})", 8, "a non-negative integer"},
    {R"({"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}})", 8, "a non-negative integer"},
    {R"({"a":{"dtype":"F32","shape":[2147483648],"data_offsets":[0,8]}})", 8, "tensor 'a' has dimension 0 of 2147483648"},
    {R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}})", 4, "at most 8 dimensions"},
    {R"({"a":{"dtype":"F32","shape":[2147483647,2147483647],"data_offsets":[0,4]}})", 4, "more than 2^40 elements"},
    {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", 4, "two integers in brackets"},
    {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4, "its shape takes 4 bytes of F32"},
    {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4,
     "tensor 'a' has data_offsets 0 to 4 and its shape takes 8 bytes of F32"},
    {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 3, "truncated or damaged"},
    {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 8, "the tensors take 4 bytes and the file has 8 bytes of data"},
    {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8, "tensor 'a' has its data at 4 to 8, expected from 0"},
    {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4,
     "tensor 'b' has its data at 0 to 4, expected from 4"},
    {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8,
     "tensor 'a' is there twice"},
    {R"({"a\u0000":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4, "the name of a tensor"},
    {R"({"a\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4, "the name of a tensor"},
    {R"({"a\x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4, "the name of a tensor"},
    {"{\"a\n\":{}}", 0, "the name of a tensor"},
    {R"({"__metadata__":[]})", 0, "the '{' of __metadata__"},
    {R"({"__metadata__":{"a":1}})", 0, "a pair of strings in __metadata__"},
    {R"({"__metadata__":{"a":"1")", 0, "the '}' of __metadata__"},
    {R"({"__metadata__":{},"__metadata__":{}})", 0, "__metadata__ is there twice"},
};

TEST(Safetensors, EveryFaultHasItsMessage) {
  for (const Bad &bad : bads) {
    File f(makeFile(bad.header, bad.data));
    EXPECT_EQ(f.status, cnnc_bad_weights) << bad.header;
    EXPECT_NE(std::string(f.text).find(bad.text), std::string::npos) << bad.header << "\n" << f.text;
    EXPECT_EQ(f.file.tensors, nullptr);
  }
}

TEST(Safetensors, TheHeadersLengthIsChecked) {
  std::string good = makeFile("{}", 0);
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_EQ(File(good.substr(0, size)).status, cnnc_bad_weights) << size;
  for (int byte = 0; byte < 8; ++byte) {
    std::string longer = good;
    longer[byte] = '\x7f';
    EXPECT_EQ(File(longer).status, cnnc_bad_weights) << byte;
  }
}

TEST(Safetensors, DepthDoesNotMatter) {
  File f(makeFile(R"({"a":{"shape":)" + std::string(1 << 20, '['), 0));
  EXPECT_EQ(f.status, cnnc_bad_weights);
}

} // namespace
