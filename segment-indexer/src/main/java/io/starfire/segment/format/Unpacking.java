package io.starfire.segment.format;

import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Which loop unpacks the numbers of segments, in the whole process. All loops give the same
 * numbers, so that the choice may be made while segments are read. It begins with the plain loop,
 * which is fast from the start; a process that answers queries calls {@link #chooseFaster} once.
 * Thread-safe.
 */
public final class Unpacking {
  /** By name: the class cannot be loaded without the module of the Vector API. */
  private static final String VECTOR_UNPACKER = "io.starfire.segment.format.VectorUnpacker";

  private static final AtomicReference<Unpacker> USED =
      new AtomicReference<>(PlainUnpacker.INSTANCE);

  private static final int NUMBERS = 1024;
  private static final int CALLS_A_ROUND = 8;

  /** A loop that is compiled late is not missed, and one that never is comes to an end. */
  private static final long MAX_WARM_UP_NANOS = 60_000_000_000L;

  private static final double LEAST_GAIN = 1.2;
  private static final int ROUNDS_IN_A_ROW = 5;

  private Unpacking() {}

  /**
   * What was chosen.
   *
   * @param vectors whether it is the loop of the Vector API
   * @param reason a sentence for the log
   */
  public record Choice(boolean vectors, String reason) {}

  static Unpacker used() {
    return USED.get();
  }

  /** Whether the loop of the Vector API is used. */
  public static boolean usesVectors() {
    return used() != PlainUnpacker.INSTANCE;
  }

  /**
   * Runs the loop of the Vector API until it is compiled, and uses it from then on if it is faster.
   * That takes two or three seconds of one core.
   *
   * @param nanos a clock for differences, such as {@code System::nanoTime}
   * @param pause is called again and again, to leave the core to others
   */
  public static Choice chooseFaster(LongSupplier nanos, Runnable pause) {
    Optional<Unpacker> vector = vector();
    if (vector.isEmpty()) {
      return new Choice(
          false,
          "numbers are unpacked by the plain loop: this JVM has no module jdk.incubator.vector"
              + " (--add-modules jdk.incubator.vector), or its vectors are shorter than 256 bits");
    }
    double gain = gain(vector.get(), nanos, pause);
    if (gain < LEAST_GAIN) {
      return new Choice(
          false,
          String.format(
              Locale.ROOT,
              "numbers are unpacked by the plain loop: that of the Vector API (%s) has %.1f times"
                  + " its speed here",
              vector.get().label(),
              gain));
    }
    USED.set(vector.get());
    return new Choice(
        true,
        String.format(
            Locale.ROOT,
            "numbers are unpacked by the Vector API (%s), %.1f times as fast as by the plain loop;"
                + " Java's warning about an incubator module is about that",
            vector.get().label(),
            gain));
  }

  /** The loop of the Vector API, if this JVM can run it. */
  static Optional<Unpacker> vector() {
    try {
      return Optional.of(
          Class.forName(VECTOR_UNPACKER)
              .asSubclass(Unpacker.class)
              .getDeclaredConstructor()
              .newInstance());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof UnsupportedOperationException) {
        return Optional.empty();
      }
      throw new IllegalStateException(VECTOR_UNPACKER + " cannot be made", e.getCause());
    } catch (ReflectiveOperationException | LinkageError e) {
      // Without the module the class is there, and what it is made of is not.
      return Optional.empty();
    }
  }

  /** How many times as fast as the plain loop it is, in the last round. */
  private static double gain(Unpacker vector, LongSupplier nanos, Runnable pause) {
    long end = nanos.getAsLong() + MAX_WARM_UP_NANOS;
    double gain = 0;
    int faster = 0;
    while (faster < ROUNDS_IN_A_ROW && nanos.getAsLong() - end < 0) {
      long plainNanos = round(PlainUnpacker.INSTANCE, nanos);
      long vectorNanos = round(vector, nanos);
      gain = (double) plainNanos / Math.max(1, vectorNanos);
      faster = gain >= LEAST_GAIN ? faster + 1 : 0;
      pause.run();
    }
    return gain;
  }

  /** The time of some calls of each kind. */
  private static long round(Unpacker unpacker, LongSupplier nanos) {
    int width = 18;
    ByteBuffer data =
        ByteBuffer.allocateDirect(BitPacking.packedBytes(NUMBERS, width))
            .order(ByteOrder.LITTLE_ENDIAN);
    int[] ints = new int[NUMBERS];
    long[] longs = new long[NUMBERS];
    double[] doubles = new double[NUMBERS];
    long sum = 0;
    long start = nanos.getAsLong();
    for (int call = 0; call < CALLS_A_ROUND; call++) {
      unpacker.ints(data, 0, width, 0, NUMBERS, 1, 1, ints, 0);
      unpacker.longs(data, 0, width, 0, NUMBERS, 1, 1, longs, 0);
      unpacker.decimals(data, 0, width, 0, NUMBERS, 1, 100, doubles, 0);
      sum += unpacker.sum(data, 0, width, 0, NUMBERS);
    }
    long taken = nanos.getAsLong() - start;
    if (sum != 0) {
      throw new IllegalStateException("zeros have the sum " + sum);
    }
    return taken;
  }
}
