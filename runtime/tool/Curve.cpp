#include "runtime/tool/Curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cnnc {

namespace {

struct Range {
  double low = 0, high = 1;
  double place(double value) const { return (value - low) / (high - low); }
};

Range rangeOf(const Points &points, bool ofX) {
  Range range = {INFINITY, -INFINITY};
  for (const auto &[x, y] : points) {
    range.low = std::min(range.low, ofX ? x : y);
    range.high = std::max(range.high, ofX ? x : y);
  }
  if (!(range.high > range.low))
    range = {range.low - 0.5, range.low + 0.5};
  return range;
}

std::string utf8Braille(unsigned dots) {
  return {'\xe2', static_cast<char>(0xa0 + (dots >> 6)), static_cast<char>(0x80 + (dots & 63))};
}

/// Dots of one character: two columns of four, numbered as Unicode does.
constexpr unsigned dotBits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

} // namespace

Points thinned(const std::vector<std::pair<uint64_t, double>> &values, size_t count) {
  Points points;
  size_t group = std::max<size_t>(1, (values.size() + count - 1) / count);
  for (size_t at = 0; at < values.size(); at += group) {
    size_t end = std::min(values.size(), at + group);
    double sum = 0;
    for (size_t i = at; i < end; ++i)
      sum += values[i].second;
    points.emplace_back(double(values[end - 1].first), sum / double(end - at));
  }
  return points;
}

std::string terminalCurve(const Points &points, const std::string &title, size_t width, size_t height) {
  if (points.empty())
    return {};
  Range xs = rangeOf(points, true), ys = rangeOf(points, false);
  std::vector<unsigned> cells(width * height);
  auto cellOf = [](double place, size_t count) {
    return static_cast<size_t>(std::lround(std::clamp(place, 0.0, 1.0) * double(count - 1)));
  };
  auto dot = [&](double x, double y) {
    size_t column = cellOf(xs.place(x), 2 * width), row = 4 * height - 1 - cellOf(ys.place(y), 4 * height);
    cells[row / 4 * width + column / 2] |= dotBits[row % 4][column % 2];
  };
  for (size_t i = 0; i < points.size(); ++i) {
    auto [x, y] = points[i];
    auto [previousX, previousY] = points[i == 0 ? 0 : i - 1];
    constexpr int parts = 64; // dots between two points, close enough to touch
    for (int part = 0; part <= parts; ++part)
      dot(previousX + (x - previousX) * part / parts, previousY + (y - previousY) * part / parts);
  }
  std::string text = fmt::format("{:>10} {}\n", "", title);
  for (size_t row = 0; row < height; ++row) {
    std::string label = row == 0 ? fmt::format("{:.4g}", ys.high) : row + 1 == height ? fmt::format("{:.4g}", ys.low) : "";
    text += fmt::format("{:>10} ", label);
    for (size_t column = 0; column < width; ++column)
      text += utf8Braille(cells[row * width + column]);
    text += '\n';
  }
  return text + fmt::format("{:>10} {:<{}}{}\n", "", fmt::format("step {:.0f}", xs.low), width > 12 ? width - 6 : 6, xs.high);
}

namespace {

constexpr double left = 60, right = 700, top = 40, bottom = 340;

std::string escaped(const std::string &text) {
  std::string result;
  for (char c : text)
    result += c == '<' ? "&lt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
  return result;
}

std::string polyline(const Points &points, Range xs, Range ys, const char *colour) {
  std::string text = fmt::format("<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" points=\"", colour);
  for (const auto &[x, y] : points)
    text += fmt::format("{:.1f},{:.1f} ", left + xs.place(x) * (right - left), bottom - ys.place(y) * (bottom - top));
  return text + "\"/>\n";
}

std::string label(double x, double y, const char *anchor, const char *colour, const std::string &text) {
  return fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" fill=\"{}\">{}</text>\n", x, y, anchor, colour, escaped(text));
}

} // namespace

std::string svgCurve(const History &history, const std::string &title, const std::string &best) {
  constexpr const char *lossColour = "#1f77b4", *valueColour = "#d62728", *ink = "#333";
  Points losses = thinned(history.losses, 320), scores;
  for (const History::Validation &validation : history.validations)
    for (const auto &[name, value] : validation.scores)
      if (name == best)
        scores.emplace_back(double(validation.step), value);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 390\" font-family=\"sans-serif\" "
                    "font-size=\"12\">\n<rect width=\"760\" height=\"390\" fill=\"white\"/>\n";
  svg += fmt::format("<path d=\"M{} {}V{}H{}\" fill=\"none\" stroke=\"{}\"/>\n", left, top, bottom, right, ink);
  svg += label(left, 24, "start", ink, title);
  if (losses.empty())
    return svg + "</svg>\n";
  Range xs = rangeOf(losses, true), ys = rangeOf(losses, false);
  for (int tick = 0; tick <= 4; ++tick) {
    double part = tick / 4.0, y = bottom - part * (bottom - top);
    svg += fmt::format("<path d=\"M{} {}H{}\" stroke=\"#ddd\"/>\n", left, y, right);
    svg += label(left - 6, y + 4, "end", lossColour, fmt::format("{:.3g}", ys.low + part * (ys.high - ys.low)));
    svg += label(left + part * (right - left), bottom + 18, "middle", ink,
                 fmt::format("{:.0f}", xs.low + part * (xs.high - xs.low)));
  }
  svg += label((left + right) / 2, bottom + 38, "middle", ink, "step") + label(right, 24, "end", lossColour, "training loss") +
         polyline(losses, xs, ys, lossColour);
  if (!scores.empty()) {
    Range range = rangeOf(scores, false);
    svg += polyline(scores, xs, range, valueColour);
    svg += label(right + 4, bottom + 4, "start", valueColour, fmt::format("{:.3g}", range.low)) +
           label(right + 4, top + 4, "start", valueColour, fmt::format("{:.3g}", range.high));
    svg += label(right - 90, 24, "end", valueColour, "validation " + best);
  }
  return svg + "</svg>\n";
}

} // namespace cnnc
