#include "runtime/tool/commands/Answer.h"

#include "runtime/tool/Trainer.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cnnc {

bool givesLogits(const Library &library) {
  Recipe recipe = recipeOf(library);
  const Json *loss = recipe.find("loss");
  if (loss != nullptr && loss->is_array() && !loss->empty())
    loss = &loss->front();
  return loss != nullptr && Call(*loss, "loss").name() == "softmax_cross_entropy";
}

std::string answerText(const float *values, size_t count, bool logits, size_t top) {
  std::vector<double> shares(values, values + count);
  if (logits) {
    double largest = *std::max_element(shares.begin(), shares.end());
    for (double &share : shares)
      share = std::exp(share - largest);
  }
  double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  bool distribution =
      logits || (count > 1 && std::fabs(total - 1) < 1e-3 && *std::min_element(shares.begin(), shares.end()) >= 0);
  if (!distribution)
    return fmt::format("{}", fmt::join(values, values + count, " "));
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t(0));
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return shares[a] != shares[b] ? shares[a] > shares[b] : a < b; });
  std::string text;
  for (size_t i = 0; i < std::min(top, count); ++i)
    text += fmt::format("{}{} ({:.0f} %)", i == 0 ? "" : ", ", order[i], 100 * shares[order[i]] / total);
  return text;
}

} // namespace cnnc
