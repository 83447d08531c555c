#include "runtime/tool/commands/Common.h"

#include "runtime/tool/Error.h"

#include <charconv>
#include <cmath>

namespace cnnc {

void addLibrary(CLI::App &command, std::string &library) {
  command.add_option("library", library, "the .so that cnnc wrote")->required();
}

void addThreads(CLI::App &command, unsigned &threads) {
  command.add_option("--threads", threads, "0: as many as cores")->check(CLI::Range(0, 1024)); // no pool has more
}

CLI::Option *repeated(CLI::Option *option) {
  return option->expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void replaceData(Recipe &recipe, const Library &library, const std::string &files) {
  std::vector<std::string> names;
  for (auto tensors : {library.inputs(), library.targets()})
    for (const cnnc_tensor_info &tensor : tensors)
      names.emplace_back(tensor.name);
  Json named = Json::object();
  size_t count = 0;
  for (size_t at = 0; at <= files.size(); ++count) {
    size_t comma = std::min(files.find(',', at), files.size());
    if (at == comma)
      failUsage("--data is '{}', where file {} has no name", files, count + 1);
    if (count < names.size())
      named[names[count]] = fs::absolute(files.substr(at, comma - at)).string();
    at = comma + 1;
  }
  if (count != names.size())
    failUsage("--data got {} files, the model takes {}: {}", count, names.size(), fmt::format("{}", fmt::join(names, ",")));
  recipe.set("data", {{"call", "npy"}, {"args", Json::array()}, {"named", named}});
  for (const char *key : {"validation", "augment"})
    recipe.erase(key);
  const Json *stop = recipe.find("stop");
  if (stop != nullptr && stop->is_object() && stop->contains("call") && stop->contains("named") &&
      (*stop)["named"].contains("max"))
    recipe.set("stop", Json((*stop)["named"]["max"])); // early stopping has nothing to watch
}

std::string positive(const std::string &text) {
  double number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool good = error == std::errc() && end == text.data() + text.size() && number > 0 && std::isfinite(number);
  return good ? "" : fmt::format("got '{}', expected a number above 0", text);
}

void applySets(Recipe &recipe, const std::vector<std::string> &sets) {
  for (const std::string &set : sets)
    recipe.set(set);
}

} // namespace cnnc
