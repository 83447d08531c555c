#include "runtime/core/json.h"

#include <stddef.h>

static void skip_space(cnnc_json *j) {
  while (j->at < j->end && (*j->at == ' ' || *j->at == '\t' || *j->at == '\n' || *j->at == '\r'))
    ++j->at;
}

int cnnc_json_take(cnnc_json *j, char c) {
  skip_space(j);
  if (j->at == j->end || *j->at != (unsigned char)c)
    return 0;
  ++j->at;
  return 1;
}

int cnnc_json_at_end(cnnc_json *j) {
  skip_space(j);
  return j->at == j->end;
}

static int hex4(cnnc_json *j, uint32_t *value) {
  if (j->end - j->at < 4)
    return 0;
  *value = 0;
  for (int i = 0; i < 4; ++i) {
    unsigned char c = *j->at++, digit;
    if (c >= '0' && c <= '9')
      digit = c - '0';
    else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
      digit = (c | 0x20) - 'a' + 10;
    else
      return 0;
    *value = *value << 4 | digit;
  }
  return 1;
}

/* After "\u": one code point, which may take a second escape. */
static int code_point(cnnc_json *j, uint32_t *point) {
  uint32_t low;
  if (!hex4(j, point))
    return 0;
  if (*point < 0xd800 || *point > 0xdfff)
    return *point != 0;
  if (*point > 0xdbff || j->end - j->at < 2 || j->at[0] != '\\' || j->at[1] != 'u')
    return 0;
  j->at += 2;
  if (!hex4(j, &low) || low < 0xdc00 || low > 0xdfff)
    return 0;
  *point = 0x10000 + ((*point - 0xd800) << 10) + (low - 0xdc00);
  return 1;
}

static char *put_utf8(char *to, uint32_t point) {
  if (point < 0x80) {
    *to++ = (char)point;
    return to;
  }
  if (point < 0x800)
    *to++ = (char)(0xc0 | point >> 6);
  else {
    if (point < 0x10000)
      *to++ = (char)(0xe0 | point >> 12);
    else {
      *to++ = (char)(0xf0 | point >> 18);
      *to++ = (char)(0x80 | (point >> 12 & 0x3f));
    }
    *to++ = (char)(0x80 | (point >> 6 & 0x3f));
  }
  *to++ = (char)(0x80 | (point & 0x3f));
  return to;
}

/* After a backslash. Returns the end of what was written, or NULL. */
static char *escape(cnnc_json *j, char *to) {
  static const char from[] = "\"\\/bfnrt", meaning[] = "\"\\/\b\f\n\r\t";
  if (j->at == j->end)
    return NULL;
  unsigned char c = *j->at++;
  if (c == 'u') {
    uint32_t point;
    return code_point(j, &point) ? put_utf8(to, point) : NULL;
  }
  for (int i = 0; from[i]; ++i)
    if (c == (unsigned char)from[i]) {
      *to++ = meaning[i];
      return to;
    }
  return NULL;
}

const char *cnnc_json_string(cnnc_json *j) {
  if (!cnnc_json_take(j, '"'))
    return NULL;
  char *start = j->store, *to = start;
  while (j->at < j->end) {
    unsigned char c = *j->at++;
    if (c == '"') {
      *to++ = 0;
      j->store = to;
      return start;
    }
    if (c < 0x20)
      return NULL;
    if (c != '\\')
      *to++ = (char)c;
    else if (!(to = escape(j, to)))
      return NULL;
  }
  return NULL;
}

int cnnc_json_integer(cnnc_json *j, uint64_t *value) {
  skip_space(j);
  const unsigned char *start = j->at;
  for (*value = 0; j->at < j->end && *j->at >= '0' && *j->at <= '9'; ++j->at) {
    if (*value > (INT64_MAX - 9) / 10)
      return 0;
    *value = *value * 10 + (uint64_t)(*j->at - '0');
  }
  return j->at > start && (*start != '0' || j->at == start + 1);
}
