package io.starfire.segment.sketch;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/**
 * Checks that bytes are as long as what they say they hold. The library itself reads beyond the end
 * of bytes that are too short. The forms are those of its classes PreambleUtil. Stateless.
 */
final class SketchImages {
  private static final int HLL_FAMILY = 7;
  private static final int COMPACT_THETA_FAMILY = 3;
  private static final int QUANTILES_FAMILY = 8;
  private static final int HLL_HEADER_BYTES = 40;

  private SketchImages() {}

  static void checkHll(byte[] sketch, SketchKind kind) {
    ByteBuffer in = bytes(sketch, kind, 1, HLL_FAMILY);
    int lgK = in.get(3);
    if (lgK < 4 || lgK > 21) {
      throw damaged(kind, "lgK %d, which must be from 4 to 21".formatted(lgK));
    }
    int lgSlots = in.get(4) & 0xFF;
    boolean compact = (in.get(5) & 8) != 0;
    long needed =
        switch (in.get(7) & 3) {
          case 0 -> 8 + 4L * (compact ? in.get(6) & 0xFF : 8);
          case 1 -> 12 + (compact ? 4L * count(sketch, in, 8, kind) : slots(lgSlots, kind));
          case 2 -> hllBytes(sketch, lgK, compact, kind);
          default -> throw damaged(kind, "an unknown mode");
        };
    need(sketch, needed, kind);
  }

  private static long hllBytes(byte[] sketch, int lgK, boolean compact, SketchKind kind) {
    need(sketch, HLL_HEADER_BYTES, kind);
    ByteBuffer in = ByteBuffer.wrap(sketch).order(ByteOrder.LITTLE_ENDIAN);
    int lgSlots = sketch[4] & 0xFF;
    long registers = 1L << lgK;
    return switch ((in.get(7) >> 2) & 3) {
      case 0 -> {
        int exceptions = count(sketch, in, 36, kind);
        long more = exceptions == 0 ? 0 : compact ? 4L * exceptions : slots(lgSlots, kind);
        yield HLL_HEADER_BYTES + registers / 2 + more;
      }
      case 1 -> HLL_HEADER_BYTES + registers / 4 * 3 + 1;
      case 2 -> HLL_HEADER_BYTES + registers;
      default -> throw damaged(kind, "an unknown packing");
    };
  }

  static void checkTheta(byte[] sketch) {
    SketchKind kind = SketchKind.THETA;
    ByteBuffer in = bytes(sketch, kind, 3, COMPACT_THETA_FAMILY);
    int headerLongs = in.get(0) & 0x3F;
    boolean empty = (in.get(5) & 4) != 0;
    if (headerLongs == 1) {
      need(sketch, empty ? 8 : 16, kind);
    } else if (headerLongs == 2 || headerLongs == 3) {
      need(sketch, 8L * headerLongs, kind);
      need(sketch, 8L * headerLongs + 8L * count(sketch, in, 8, kind), kind);
    } else {
      throw damaged(kind, "a header of %d longs".formatted(headerLongs));
    }
  }

  static void checkQuantiles(byte[] sketch) {
    SketchKind kind = SketchKind.QUANTILES;
    ByteBuffer in = bytes(sketch, kind, 3, QUANTILES_FAMILY);
    int k = in.getShort(4) & 0xFFFF;
    if (k < 2 || k > 32_768 || Integer.bitCount(k) != 1) {
      throw damaged(kind, "k %d, which must be a power of two from 2 to 32768".formatted(k));
    }
    int flags = in.get(3);
    if ((flags & 4) != 0) {
      return;
    }
    if ((flags & 8) == 0) {
      throw damaged(kind, "not the compact form");
    }
    need(sketch, 32, kind);
    long values = in.getLong(8);
    if (values < 1 || values > 1L << 48) {
      throw damaged(kind, "%d values".formatted(values));
    }
    long kept = values % (2L * k) + (long) k * Long.bitCount(values / (2L * k));
    need(sketch, 32 + 8 * kept, kind);
  }

  private static ByteBuffer bytes(byte[] sketch, SketchKind kind, int version, int family) {
    need(sketch, 8, kind);
    if (sketch[2] != family) {
      throw damaged(kind, "sketches of another kind (family %d)".formatted(sketch[2]));
    }
    if (sketch[1] != version) {
      throw damaged(kind, "version %d, not %d".formatted(sketch[1], version));
    }
    return ByteBuffer.wrap(sketch).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int count(byte[] sketch, ByteBuffer in, int at, SketchKind kind) {
    need(sketch, at + 4L, kind);
    int count = in.getInt(at);
    if (count < 0) {
      throw damaged(kind, "a count of %d".formatted(count));
    }
    return count;
  }

  private static long slots(int lgSlots, SketchKind kind) {
    if (lgSlots > 26) {
      throw damaged(kind, "a table of 2^%d places".formatted(lgSlots));
    }
    return 4L << lgSlots;
  }

  private static void need(byte[] sketch, long bytes, SketchKind kind) {
    if (sketch.length < bytes) {
      throw damaged(kind, "%d bytes where %d were expected".formatted(sketch.length, bytes));
    }
  }

  /** Does something with a sketch; what the library throws is an error with CORRUPT. */
  static <T> T guarded(SketchKind kind, Supplier<T> action) {
    try {
      return action.get();
    } catch (StarfireException e) {
      throw e;
    } catch (RuntimeException | AssertionError e) {
      throw new StarfireException(ErrorCode.CORRUPT, sentence(kind, e.getMessage()), e);
    }
  }

  private static StarfireException damaged(SketchKind kind, String what) {
    return new StarfireException(ErrorCode.CORRUPT, sentence(kind, what));
  }

  private static String sentence(SketchKind kind, String what) {
    return "a sketch of type %s is damaged: it has %s; write it again from its source"
        .formatted(kind.typeName(), what);
  }
}
