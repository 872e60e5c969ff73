package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.lang.invoke.MethodHandle;

/** Calls accessors of fields. Stateless. */
final class Accessors {
  private Accessors() {}

  /**
   * The value of a field.
   *
   * @param accessor from (Object) to Object
   */
  static Object read(MethodHandle accessor, Object event) {
    try {
      return (Object) accessor.invokeExact(event);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new StarfireException(ErrorCode.INTERNAL, "an accessor threw " + e, e);
    }
  }
}
