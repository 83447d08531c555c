#include "runtime/tool/Text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace cnnc {

/// Levenshtein distance, one row at a time.
static size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t(0));
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row.back();
}

std::string suggestion(std::string_view word, std::span<const std::string> known) {
  if (known.empty())
    return {};
  auto nearest = std::min_element(known.begin(), known.end(), [&](const std::string &a, const std::string &b) {
    return editDistance(word, a) < editDistance(word, b);
  });
  if (word.size() < 256 && editDistance(word, *nearest) <= 2)
    return fmt::format("; did you mean '{}'", *nearest);
  return fmt::format("; known: {}", fmt::join(known, ", "));
}

} // namespace cnnc
