//===- SimplifyImages.h - general ops that images have ops for ---*- C++ -*-===//

#ifndef CNNC_PASSES_GRAPH_SIMPLIFYIMAGES_H
#define CNNC_PASSES_GRAPH_SIMPLIFYIMAGES_H

namespace mlir {
class RewritePatternSet;
} // namespace mlir

namespace cnnc {

/// Patterns that turn ops on tensors of any rank into those of images: they fuse
/// with convolutions and keep the blocks of channels.
void populateSimplifyImagesPatterns(mlir::RewritePatternSet &patterns);

} // namespace cnnc

#endif // CNNC_PASSES_GRAPH_SIMPLIFYIMAGES_H
