#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "runtime/core/safetensors.h"

static void put(cnnc_safetensors_writer *w, const char *bytes, size_t count) {
  if (w->at < w->room)
    memcpy(w->out + w->at, bytes, count < w->room - w->at ? count : w->room - w->at);
  w->at += count;
}

static void put_text(cnnc_safetensors_writer *w, const char *text) { put(w, text, strlen(text)); }

static void put_escaped(cnnc_safetensors_writer *w, const char *text) {
  for (; *text; ++text) {
    char escape[8];
    if (*text == '"' || *text == '\\')
      put(w, escape, (size_t)snprintf(escape, sizeof escape, "\\%c", *text));
    else if ((unsigned char)*text < 0x20)
      put(w, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)*text));
    else
      put(w, text, 1);
  }
}

static void put_length(cnnc_safetensors_writer *w, uint64_t length) {
  for (uint64_t i = 0; i < 8 && i < w->room; ++i)
    w->out[i] = (unsigned char)(length >> 8 * i);
}

void cnnc_safetensors_begin(cnnc_safetensors_writer *w, void *out, uint64_t room, const char *const *metadata, size_t pairs) {
  *w = (cnnc_safetensors_writer){.out = out, .room = room, .at = 8};
  put_text(w, "{");
  if (pairs == 0)
    return;
  put_text(w, "\"__metadata__\":{");
  for (size_t i = 0; i < 2 * pairs; ++i) {
    put_text(w, i == 0 ? "\"" : i % 2 ? ":\"" : ",\"");
    put_escaped(w, metadata[i]);
    put_text(w, "\"");
  }
  put_text(w, "}");
  w->entries = 1;
}

void cnnc_safetensors_tensor(cnnc_safetensors_writer *w, const char *prefix, const char *name, const uint32_t *dims,
                             uint32_t rank) {
  char number[64];
  uint64_t bytes = sizeof(float);
  put_text(w, w->entries++ ? ",\"" : "\"");
  put_escaped(w, prefix);
  put_escaped(w, name);
  put_text(w, "\":{\"dtype\":\"F32\",\"shape\":[");
  for (uint32_t i = 0; i < rank; ++i) {
    bytes *= dims[i];
    put(w, number, (size_t)snprintf(number, sizeof number, i ? ",%u" : "%u", dims[i]));
  }
  put(w, number,
      (size_t)snprintf(number, sizeof number, "],\"data_offsets\":[%" PRIu64 ",%" PRIu64 "]}", w->data, w->data + bytes));
  w->data += bytes;
}

uint64_t cnnc_safetensors_end(cnnc_safetensors_writer *w) {
  put_text(w, "}");
  while (w->at % 8)
    put_text(w, " ");
  put_length(w, w->at - 8);
  return w->at;
}
