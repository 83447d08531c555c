//===- Arena.cpp - greedy placement by size -------------------------------===//

#include "passes/lower/Arena.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace cnnc {

int64_t placeSlots(llvm::MutableArrayRef<ArenaSlot> slots) {
  llvm::SmallVector<ArenaSlot *> order;
  for (ArenaSlot &slot : slots)
    order.push_back(&slot);
  llvm::sort(order, [](const ArenaSlot *a, const ArenaSlot *b) { return a->bytes != b->bytes ? a->bytes > b->bytes : a < b; });

  // Those that have a place, by offset.
  llvm::SmallVector<const ArenaSlot *> placed;
  int64_t total = 0;
  for (ArenaSlot *slot : order) {
    int64_t bytes = alignToArena(slot->bytes), best = -1, bestGap = 0, end = 0;
    for (const ArenaSlot *other : placed) {
      if (other->last < slot->first || slot->last < other->first)
        continue;
      int64_t gap = other->offset - end;
      if (gap >= bytes && (best < 0 || gap < bestGap)) {
        best = end;
        bestGap = gap;
      }
      end = std::max(end, other->offset + alignToArena(other->bytes));
    }
    slot->offset = best < 0 ? end : best;
    total = std::max(total, slot->offset + bytes);
    auto after = llvm::find_if(placed, [&](const ArenaSlot *other) { return other->offset > slot->offset; });
    placed.insert(after, slot);
  }
  return total;
}

} // namespace cnnc
