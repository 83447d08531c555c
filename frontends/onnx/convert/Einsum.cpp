//===- Einsum.cpp - sums of products by labels of dimensions --------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/Tables.h"
#include <map>

using namespace cnnc;
using namespace cnnc::onnx;

namespace {
/// One character for each dimension; those of an ellipsis are '0', '1', … counted from the last.
using Labels = std::string;

struct Equation {
  std::vector<Labels> operands;
  Labels result;
};

struct Term {
  mlir::Value value;
  Labels labels;
};
} // namespace

/// The labels of a tensor of `rank` dimensions; nothing where they do not fit.
static std::optional<Labels> expand(llvm::StringRef text, size_t rank) {
  Labels labels;
  size_t dots = text.find("..."), named = text.size() - (dots == llvm::StringRef::npos ? 0 : 3);
  if (named > rank || (dots == llvm::StringRef::npos && named != rank) || rank > 8)
    return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i)
    if (i == dots) {
      for (size_t left = rank - named; left > 0; --left)
        labels += static_cast<char>('0' + left - 1);
      i += 2;
    } else if (llvm::isAlpha(text[i])) {
      labels += text[i];
    } else {
      return std::nullopt;
    }
  return labels;
}

/// Reads "ij,jk->ik"; without an arrow the result has the labels that come once, in alphabetic order.
static std::optional<Equation> parse(std::string text, llvm::ArrayRef<size_t> ranks) {
  llvm::erase(text, ' ');
  auto [left, right] = llvm::StringRef(text).split("->");
  bool hasArrow = llvm::StringRef(text).contains("->");
  llvm::SmallVector<llvm::StringRef> parts;
  left.split(parts, ',');
  if (parts.size() != ranks.size())
    return std::nullopt;
  Equation equation;
  std::map<char, int> counts;
  for (auto [part, rank] : llvm::zip(parts, ranks)) {
    std::optional<Labels> labels = expand(part, rank);
    if (!labels)
      return std::nullopt;
    for (char label : *labels)
      ++counts[label];
    equation.operands.push_back(*labels);
  }
  Labels dots;
  for (char label = '7'; label >= '0'; --label)
    if (counts.count(label))
      dots += label;
  if (!hasArrow) {
    equation.result = dots;
    for (auto [label, count] : counts)
      if (count == 1 && llvm::isAlpha(label))
        equation.result += label;
    return equation;
  }
  bool hasDots = right.contains("...");
  std::optional<Labels> result = expand(right, right.size() - (hasDots ? 3 : 0) + (hasDots ? dots.size() : 0));
  if (!result)
    return std::nullopt;
  for (char label : *result)
    if (!counts.count(label) || llvm::count(*result, label) != 1)
      return std::nullopt;
  equation.result = *result;
  return equation;
}

/// The elements whose coordinates with the same label are equal: a mask, and a sum over the second of them.
static Term diagonal(Compose &compose, Term term) {
  for (size_t i = 0; term.value && i < term.labels.size(); ++i)
    for (size_t j = i + 1; term.value && j < term.labels.size(); ++j) {
      if (term.labels[i] != term.labels[j])
        continue;
      Shape shape(shapeOf(term.value)), mask(shape.size(), 1), rest(shape);
      int64_t size = shape[i];
      if (size != shape[j] || size == dynamic || size > mostComputed / size) {
        compose.call.refuse("takes the diagonal of " + text(shape),
                            "its dimensions have one size, at most 4096, and none is the batch");
        return {};
      }
      std::vector<double> ones(size * size);
      for (int64_t d = 0; d < size; ++d)
        ones[d * size + d] = 1;
      mask[i] = mask[j] = size;
      rest.erase(rest.begin() + j);
      mlir::Value kept = compose.where(compose.constant(mask, ones), term.value, compose.splat({1}, 0));
      term.value = compose.reshape(compose.sum(kept, {static_cast<int64_t>(j)}), rest);
      term.labels.erase(j, 1);
      --j;
    }
  return term;
}

/// Sums over the labels that nothing else has.
static Term sumOver(Compose &compose, Term term, const Labels &wanted) {
  Shape axes, rest;
  Labels kept;
  for (size_t i = 0; term.value && i < term.labels.size(); ++i) {
    if (llvm::is_contained(wanted, term.labels[i])) {
      kept += term.labels[i];
      rest.push_back(shapeOf(term.value)[i]);
    } else {
      axes.push_back(i);
      if (shapeOf(term.value)[i] == dynamic) {
        compose.call.refuse("sums over the batch", "fix the batch with --shape");
        return {};
      }
    }
  }
  if (term.value && !axes.empty())
    term.value = compose.reshape(compose.sum(term.value, axes), rest);
  return {term.value, kept};
}

/// The dimensions of `term` in the order of `labels`; those it has not have size 1.
static mlir::Value arrange(Compose &compose, const Term &term, const Labels &labels) {
  Shape order, shape;
  for (char label : labels)
    if (size_t at = term.labels.find(label); at != Labels::npos)
      order.push_back(at);
  mlir::Value turned = term.value ? compose.transpose(term.value, order) : term.value;
  if (!turned)
    return turned;
  size_t next = 0;
  for (char label : labels)
    shape.push_back(llvm::is_contained(term.labels, label) ? shapeOf(turned)[next++] : 1);
  return compose.reshape(turned, shape);
}

/// The product of two terms, with the labels `wanted` of both; what only one has and nobody wants is summed already.
/// [leading, M, K] times [leading, K, J], where the batch and what both keep lead.
static Term multiply(Compose &compose, const Term &left, const Term &right, const Labels &wanted) {
  if (!left.value || !right.value)
    return {};
  Labels leading, m, k, j;
  int64_t rows = 1, inner = 1, columns = 1;
  auto sizeOf = [](const Term &term, char label) { return shapeOf(term.value)[term.labels.find(label)]; };
  for (char label : left.labels) {
    bool isBoth = llvm::is_contained(right.labels, label), isKept = llvm::is_contained(wanted, label);
    int64_t size = sizeOf(left, label);
    if (size == dynamic)
      leading.insert(leading.begin(), label);
    else if (isBoth && (isKept || size != sizeOf(right, label)))
      leading += label; // a size of 1 broadcasts
    else if (isBoth)
      k += label, inner *= size;
    else
      m += label, rows *= size;
  }
  for (char label : right.labels)
    if (!llvm::is_contained(left.labels, label)) {
      int64_t size = sizeOf(right, label);
      if (size == dynamic)
        leading.insert(leading.begin(), label);
      else
        j += label, columns *= size;
    }
  mlir::Value a = arrange(compose, left, leading + m + k), b = arrange(compose, right, leading + k + j);
  if (!a || !b)
    return {};
  auto matrices = [&](mlir::Value value, int64_t height, int64_t width) {
    Shape shape(shapeOf(value).take_front(leading.size()));
    bool isOne = llvm::all_of(shape, [](int64_t size) { return size == 1; });
    shape.append({height, width});
    return compose.reshape(value, isOne ? Shape{height, width} : shape);
  };
  a = matrices(a, rows, inner);
  b = matrices(b, inner, columns);
  if (a && shapeOf(a).size() == 2 && b && shapeOf(b).size() > 2) // the left side has as many dimensions at least
    a = compose.reshape(a, [&] {
      Shape shape(leading.size(), 1);
      shape.append({rows, inner});
      return shape;
    }());
  mlir::Value product = compose.matmul(a, b);
  if (!product)
    return {};
  Shape shape(shapeOf(product).drop_back(2));
  if (shape.empty())
    shape = Shape(leading.size(), 1);
  for (char label : m)
    shape.push_back(sizeOf(left, label));
  for (char label : j)
    shape.push_back(sizeOf(right, label));
  return sumOver(compose, {compose.reshape(product, shape), leading + m + j}, wanted);
}

static void convertEinsum(Call &call) {
  std::string text = call.string("equation", "");
  if (!call.ready())
    return;
  llvm::SmallVector<size_t> ranks;
  for (size_t i = 0; i < call.operands(); ++i)
    ranks.push_back(call.shape(i).size());
  std::optional<Equation> equation = parse(text, ranks);
  if (!equation)
    return call.refuse("has the equation '" + text + "' for " + llvm::Twine(ranks.size()) + " operands",
                       "labels are letters, one for each dimension, and '...'");
  Compose compose(call);
  Term product;
  for (size_t i = 0; i < ranks.size(); ++i) {
    Labels wanted = equation->result; // of what comes later, too
    for (size_t later = i + 1; later < ranks.size(); ++later)
      wanted += equation->operands[later];
    Term next = diagonal(compose, {call.runtime(i), equation->operands[i]});
    next = sumOver(compose, next, i == 0 ? wanted : wanted + product.labels);
    product = i == 0 ? next : multiply(compose, product, next, wanted);
    if (!product.value)
      return;
  }
  call.set(0, arrange(compose, product, equation->result));
}

void onnx::addEinsum(Table &table) { table["Einsum"] = convertEinsum; }
