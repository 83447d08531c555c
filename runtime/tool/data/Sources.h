/// \file The readers behind the table of sources; each is strict about what its file claims.
#ifndef RUNTIME_TOOL_DATA_SOURCES_H
#define RUNTIME_TOOL_DATA_SOURCES_H

#include "runtime/tool/data/Dataset.h"

namespace cnnc {

Dataset readIdxSource(Call &call, const SourceContext &context);
Dataset readCifar10Source(Call &call, const SourceContext &context);
Dataset readCifar100Source(Call &call, const SourceContext &context);
Dataset readNpySource(Call &call, const SourceContext &context);
Dataset readPointsSource(Call &call, const SourceContext &context);
Dataset readCsvSource(Call &call, const SourceContext &context);

/// An IDX file of bytes, plain or gzip: [examples, …]. Images [n, h, w] become [1, h, w] per example.
Column readIdx(const fs::path &path);
/// A CIFAR binary: `labelBytes` labels, the last of which counts, then 3·32·32 pixels per example.
Part readCifar(std::span<const fs::path> paths, size_t labelBytes, int classes);
/// A NumPy array; the first axis counts examples. `isWhole`: all of it is one example, and a single number will do.
Column readNpy(const fs::path &path, bool isWhole = false);
/// Rows of numbers separated by commas, with or without a header line.
std::vector<std::vector<double>> readCsv(const fs::path &path);
/// Splits rows into the model's input and target columns.
Part partOfRows(const std::vector<std::vector<double>> &rows, const SourceContext &context, const std::string &what);

/// The largest data file that is read, uncompressed.
constexpr uint64_t maxDataBytes = uint64_t(8) << 30;

} // namespace cnnc

#endif
