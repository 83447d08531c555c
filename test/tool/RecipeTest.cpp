#include "runtime/tool/Recipe.h"
#include "runtime/tool/Schedule.h"
#include "runtime/tool/Settings.h"
#include "runtime/tool/Value.h"
#include "test/tool/Scratch.h"

namespace cnnc {
namespace {

Schedule schedule(const char *text) { return makeSchedule(parseValue(text, "schedule"), {100, true}); }

TEST(Value, ReadsWhatTheLanguageWrites) {
  Json value = parseValue("multistep(at: [80 epochs, 1 step], factor: 1e-1)", "x");
  EXPECT_EQ(
      value,
      Json::parse(
          R"({"call": "multistep", "args": [], "named": {"at": [{"value": 80, "unit": "epochs"}, {"value": 1, "unit": "steps"}], "factor": 0.1}})"));
  EXPECT_EQ(parseValue("[true, \"a b\", -3, 50%, name]", "x"),
            Json::parse(R"([true, "a b", -3, {"value": 50, "unit": "percent"}, "name"])"));
  EXPECT_EQ(valueText(value), "multistep(at: [80 epochs, 1 steps], factor: 0.1)");
}

TEST(Value, RefusesWhatItCannotRead) {
  const std::pair<const char *, const char *> cases[] = {
      {"", "cannot read '' given for key: a value is missing at character 1"},
      {"[1, 2", "expected ']' at character 6"},
      {"f(a: )", "unexpected ')' at character 6"},
      {"\"open", "a '\"' is missing"},
      {"1 2", "unexpected '2' at character 3"},
      {"-", "not a number"},
      {"1e999", "not a number"},
      {"[[[[[[[[[[1]]]]]]]]]]", "nested too deep at character 10"},
  };
  for (auto [text, message] : cases)
    expectError([&] { parseValue(text, "key"); }, message);
}

TEST(Value, Kinds) {
  expectError([] { stringOf(3, "log"); }, "log is 3, expected text in quotes");
  expectError([] { durationOf(parseValue("1.5 epochs", "x"), "stop"); },
              "stop is 1.5 epochs, expected a whole number of at least 1");
  EXPECT_EQ(sidesOf(parseValue("[28, 20]", "x"), "resize"), std::pair(size_t(28), size_t(20)));
  expectError([] { sidesOf(parseValue("[1, 2, 3]", "x"), "resize"); }, "resize is [1, 2, 3], expected a whole number");
}

TEST(Value, JsonIsBounded) {
  expectError([] { parseJson(std::string(100000, '['), "the note"); }, "the note nests JSON deeper than 16 levels");
  expectError([] { parseJson("{\"a\": 1, \"a\": 2}", "the note"); }, "the note has the JSON key 'a' twice");
  expectError([] { parseJson("{", "the note"); }, "the note is not valid JSON: byte");
  expectError([] { parseJson("1e999", "the note"); }, "the note is not valid JSON: it has a number out of range");
}

TEST(Call, ArgumentsByPlaceOrName) {
  Call call(parseValue("f(1, b: 2)", "x"), "x");
  call.takes({"a", "b", "c"});
  EXPECT_EQ(call.at("a"), 1);
  EXPECT_EQ(call.at("b"), 2);
  EXPECT_EQ(call.find("c"), nullptr);
  expectError([] { Call(parseValue("f(1, a: 2)", "x"), "x").takes({"a"}); }, "'f' got its argument 'a' twice");
  expectError([] { Call(parseValue("f(1, 2)", "x"), "x").takes({"a"}); }, "'f' got 2 arguments, it takes 1");
}

TEST(ScheduleTest, Factors) {
  EXPECT_EQ(schedule("constant()")({5, 5}), 1);
  EXPECT_EQ(schedule("constant")({5, 5}), 1);
  EXPECT_DOUBLE_EQ(schedule("step(every: 30 epochs, factor: 0.1)")({59, 0}), 0.1);
  EXPECT_DOUBLE_EQ(schedule("step(every: 30 epochs, factor: 0.1)")({60, 0}), 0.01);
  EXPECT_DOUBLE_EQ(schedule("multistep(at: [80 epochs, 120 epochs], factor: 0.1)")({79, 0}), 1);
  EXPECT_DOUBLE_EQ(schedule("multistep(at: [80 epochs, 120 epochs], factor: 0.1)")({120, 0}), 0.01);
  EXPECT_DOUBLE_EQ(schedule("exponential(0.5)")({3, 99}), 0.125);
  EXPECT_DOUBLE_EQ(schedule("exponential(factor: 0.5, every: 10 steps)")({3, 19}), 0.5);
  EXPECT_DOUBLE_EQ(schedule("cosine(over: 10 epochs)")({5, 0}), 0.5);
  EXPECT_DOUBLE_EQ(schedule("cosine(over: 10 epochs, to: 0.2)")({10, 0}), 0.2);
  EXPECT_DOUBLE_EQ(schedule("cosine()")({100, 0}), 0) << "the whole run";
  EXPECT_DOUBLE_EQ(schedule("cosine()")({0, 0}), 1);
}

TEST(ScheduleTest, WarmupThenTheRest) {
  Schedule warm = schedule("warmup(4 steps, then: step(every: 6 steps, factor: 0.5), from: 0.2)");
  EXPECT_DOUBLE_EQ(warm({0, 0}), 0.4);
  EXPECT_DOUBLE_EQ(warm({0, 3}), 1);
  EXPECT_DOUBLE_EQ(warm({0, 4}), 1);
  EXPECT_DOUBLE_EQ(warm({0, 6}), 0.5);
}

TEST(ScheduleTest, Errors) {
  expectError([] { schedule("step(every: 3, factor: 0.1)"); }, "step's 'every' is 3, it needs a unit");
  expectError([] { schedule("multistep(at: [], factor: 0.1)"); }, "expected a list such as [80 epochs, 120 epochs]");
  expectError([] { schedule("exponential(factor: 0)"); }, "expected more than 0");
  expectError([] { schedule("cosine(to: 2)"); }, "expected 0 to 1");
}

TEST(RecipeTest, Overrides) {
  Recipe recipe(
      Json::parse(
          R"({"batch": 8, "checkpoint": {"call": "every", "args": [{"value": 1, "unit": "epochs"}], "named": {"keep": 3}}})"),
      {{"lr", 0.1f}, {"clip_norm", 1.0f}});
  recipe.set("optimizer.lr=0.05");
  recipe.set("clip=0.5");
  recipe.set("batch=64");
  recipe.set("checkpoint.keep=7");
  recipe.set("validation=10%");
  EXPECT_EQ(recipe.hypers()[0].value, 0.05f);
  EXPECT_EQ(recipe.hypers()[1].value, 0.5f);
  Settings settings = settingsOf(recipe);
  EXPECT_EQ(settings.batch, 64u);
  EXPECT_EQ(settings.keep, 7u);
  EXPECT_DOUBLE_EQ(settings.validation, 0.1);
}

TEST(RecipeTest, UnknownKeyInTheLibrary) {
  expectError([] { Recipe(Json::parse(R"({"warp": 9})"), {}); }, "has the key 'warp' that this cnnrt does not know");
  expectError([] { Recipe(Json::array(), {}); }, "the recipe in the library is not an object");
}

} // namespace
} // namespace cnnc
