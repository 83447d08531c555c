#include "runtime/tool/Json.h"

#include "runtime/tool/Error.h"

#include <set>
#include <vector>

namespace cnnc {

static constexpr int maxDepth = 16;

Json parseJson(std::string_view text, std::string_view what) {
  std::vector<std::set<std::string>> keys;
  auto check = [&](int depth, Json::parse_event_t event, Json &value) {
    if (depth > maxDepth)
      fail("{} nests JSON deeper than {} levels", what, maxDepth);
    if (event == Json::parse_event_t::object_start)
      keys.emplace_back();
    else if (event == Json::parse_event_t::object_end)
      keys.pop_back();
    else if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
      fail("{} has the JSON key '{}' twice", what, value.get<std::string>());
    return true;
  };
  try {
    return Json::parse(text, check);
  } catch (const Json::parse_error &error) {
    fail("{} is not valid JSON: byte {} of {}", what, error.byte, text.size());
  } catch (const Json::exception &) {
    fail("{} is not valid JSON: it has a number out of range", what);
  }
}

} // namespace cnnc
