//===- Diagnostics.cpp - what a user is told about an input ---------------===//

#include "frontends/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace cnnc;
using llvm::StringRef;

Diagnostic &DiagnosticSink::error(llvm::SMRange range, const llvm::Twine &message) {
  if (isFull() || !places.insert(range.Start.getPointer()).second)
    return ignored = Diagnostic();
  Diagnostic &diagnostic = diagnostics.emplace_back();
  diagnostic.range = range;
  diagnostic.message = message.str();
  return diagnostic;
}

Diagnostic &DiagnosticSink::error(StringRef subject, const llvm::Twine &message) {
  if (isFull())
    return ignored = Diagnostic();
  Diagnostic &diagnostic = diagnostics.emplace_back();
  diagnostic.subject = subject.str();
  diagnostic.message = message.str();
  return diagnostic;
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

/// Bytes that do not continue a UTF-8 sequence: the characters of `text`.
static unsigned countCharacters(StringRef text) {
  return llvm::count_if(text, [](unsigned char byte) { return (byte & 0xC0) != 0x80; });
}

namespace {
/// A place in a file, as people count: from 1, in characters.
struct Place {
  unsigned buffer, line, column;
  StringRef file, text; // text: the whole line
};
} // namespace

static Place placeOf(const llvm::SourceMgr &sources, llvm::SMLoc loc) {
  Place place;
  place.buffer = sources.FindBufferContainingLoc(loc);
  const llvm::MemoryBuffer *buffer = sources.getMemoryBuffer(place.buffer);
  place.file = buffer->getBufferIdentifier();
  place.line = sources.FindLineNumber(loc, place.buffer);
  const char *begin = loc.getPointer(), *end = begin;
  while (begin != buffer->getBufferStart() && begin[-1] != '\n')
    --begin;
  while (end != buffer->getBufferEnd() && *end != '\n')
    ++end;
  place.text = StringRef(begin, end - begin).rtrim('\r');
  place.column = countCharacters(StringRef(begin, loc.getPointer() - begin)) + 1;
  return place;
}

std::string DiagnosticSink::where(llvm::SMLoc place, llvm::SMLoc from) const {
  Place at = placeOf(manager, place);
  if (at.buffer == manager.FindBufferContainingLoc(from))
    return "line " + std::to_string(at.line);
  return (at.file + ":" + llvm::Twine(at.line)).str();
}

std::string DiagnosticSink::position(llvm::SMLoc loc) const {
  Place at = placeOf(manager, loc);
  return (at.file + ":" + llvm::Twine(at.line) + ":" + llvm::Twine(at.column)).str();
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

/// `text` as UTF-8, without what would disturb a terminal.
static std::string printable(StringRef text) {
  std::string result = llvm::json::isUTF8(text) ? text.str() : llvm::json::fixUTF8(text);
  for (char &byte : result)
    if (byte == '\t')
      byte = ' ';
    else if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F)
      byte = '?';
  return result;
}

/// A message; names that nobody can read are cut out of its middle.
static std::string readable(StringRef text) {
  constexpr size_t longest = 2000;
  if (text.size() <= longest)
    return printable(text);
  return printable(text.take_front(longest / 2)) + " … " + printable(text.take_back(longest / 2));
}

void DiagnosticSink::printOne(llvm::raw_ostream &os, const Diagnostic &diagnostic) const {
  if (!diagnostic.range.isValid()) {
    os << printable(diagnostic.subject) << ": error: " << readable(diagnostic.message) << '\n';
  } else {
    Place at = placeOf(manager, diagnostic.range.Start);
    os << at.file << ':' << at.line << ':' << at.column << ": error: " << readable(diagnostic.message) << '\n';
    // The line is cut where it is longer than anyone reads, never inside a character.
    constexpr size_t longest = 160;
    const char *start = diagnostic.range.Start.getPointer();
    size_t before = start - at.text.begin(), skipped = before > longest / 2 ? before - longest / 2 : 0;
    while (skipped && (at.text[skipped] & 0xC0) == 0x80)
      --skipped;
    StringRef shown = at.text.drop_front(std::min(skipped, at.text.size()));
    if (shown.size() > longest) {
      size_t end = longest;
      while (end && (shown[end] & 0xC0) == 0x80)
        --end;
      shown = shown.take_front(end);
    }
    unsigned indent = countCharacters(shown.take_front(before - skipped));
    size_t length = std::max<ptrdiff_t>(diagnostic.range.End.getPointer() - start, 1);
    unsigned width = countCharacters(shown.drop_front(std::min(before - skipped, shown.size())).take_front(length));
    os << printable(shown) << '\n' << std::string(indent, ' ') << '^' << std::string(width > 1 ? width - 1 : 0, '~') << '\n';
  }
  for (const auto *lines : {&diagnostic.notes, &diagnostic.contexts, &diagnostic.helps})
    for (const std::string &line : *lines)
      os << "  " << readable(line) << '\n';
}

void DiagnosticSink::print(llvm::raw_ostream &os) const {
  for (const std::string &line : remarks)
    os << printable(line) << '\n';
  std::vector<const Diagnostic *> sorted;
  for (const Diagnostic &diagnostic : diagnostics)
    sorted.push_back(&diagnostic);
  auto key = [&](const Diagnostic *diagnostic) -> std::pair<unsigned, const char *> {
    if (!diagnostic->range.isValid())
      return {0, nullptr};
    return {manager.FindBufferContainingLoc(diagnostic->range.Start), diagnostic->range.Start.getPointer()};
  };
  // Places differ, so that the order is total but for errors without one.
  llvm::sort(sorted, [&](const Diagnostic *a, const Diagnostic *b) {
    return std::pair(key(a), a->message) < std::pair(key(b), b->message);
  });
  for (const Diagnostic *diagnostic : sorted)
    printOne(os, *diagnostic);
  if (isFull())
    os << "only the first " << limit << " errors are shown\n";
}

std::string cnnc::counted(size_t count, StringRef what) {
  return std::to_string(count) + " " + what.str() + (count == 1 ? "" : "s");
}

std::string cnnc::didYouMean(StringRef word, llvm::ArrayRef<StringRef> candidates) {
  StringRef best;
  unsigned bestDistance = std::max<size_t>(word.size(), 3) / 3 + 1;
  for (StringRef candidate : candidates) {
    unsigned distance = word.edit_distance(candidate, /*AllowReplacements=*/true, bestDistance);
    if (distance < bestDistance && distance < word.size()) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best.empty() ? "" : ("; did you mean '" + best + "'?").str();
}
