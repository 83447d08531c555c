/// \file JSON from bytes we did not write: depth and size are bounded.
#ifndef RUNTIME_TOOL_JSON_H
#define RUNTIME_TOOL_JSON_H

#include <nlohmann/json.hpp>

#include <string_view>

namespace cnnc {

using Json = nlohmann::json;

/// Parses `text`, nested at most 16 deep; an Error naming `what` on malformed text or a repeated key.
Json parseJson(std::string_view text, std::string_view what);

} // namespace cnnc

#endif
