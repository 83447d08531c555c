#include "runtime/core/philox.h"

cnnc_philox_block cnnc_philox(cnnc_philox_block c, uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    uint64_t a = (uint64_t)0xD2511F53u * c.v[0];
    uint64_t b = (uint64_t)0xCD9E8D57u * c.v[2];
    cnnc_philox_block next = {
        {(uint32_t)(b >> 32) ^ c.v[1] ^ key0, (uint32_t)b, (uint32_t)(a >> 32) ^ c.v[3] ^ key1, (uint32_t)a}};
    c = next;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return c;
}
