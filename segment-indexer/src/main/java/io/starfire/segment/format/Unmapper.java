package io.starfire.segment.format;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;

/**
 * Unmaps a buffer at once. Java 17 leaves that to the garbage collector, which may let a dropped
 * segment hold its disk space for hours; the JDK's own way out is {@code
 * sun.misc.Unsafe.invokeCleaner}. Where that is missing, the collector does it later. Stateless.
 */
final class Unmapper {
  private Unmapper() {}

  /** Nobody may read the buffer, or a view of it, from now on. */
  static void unmap(MappedByteBuffer buffer) {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      MethodHandle cleaner =
          MethodHandles.lookup()
              .findVirtual(
                  unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class));
      cleaner.invoke(instance.get(null), buffer);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      // Left to the garbage collector: slower to give the space back, and as safe.
      return;
    }
  }
}
