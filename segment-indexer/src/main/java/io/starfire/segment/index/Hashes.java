package io.starfire.segment.index;

/** Spreading of hash bits, after the finalizers of MurmurHash3. Stateless. */
final class Hashes {
  private Hashes() {}

  static int mix(int hash) {
    int mixed = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
    mixed = (mixed ^ (mixed >>> 13)) * 0xC2B2AE35;
    return mixed ^ (mixed >>> 16);
  }

  static int mix(long hash) {
    long mixed = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    return (int) (mixed ^ (mixed >>> 32));
  }
}
