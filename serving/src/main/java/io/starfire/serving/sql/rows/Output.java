package io.starfire.serving.sql.rows;

import org.jspecify.annotations.Nullable;

/**
 * Where a value of a row comes from.
 *
 * @param column the name in the native answer; null for the time of the bucket, or for a constant
 * @param constant the value if there is no column
 * @param isTime whether it is the time of the bucket
 * @param nativeType that the value gets
 */
public record Output(
    @Nullable String column, @Nullable Object constant, boolean isTime, String nativeType) {
  public static Output ofColumn(String column, String nativeType) {
    return new Output(column, null, false, nativeType);
  }

  public static Output ofTime() {
    return new Output(null, null, true, "LONG");
  }

  public static Output ofConstant(@Nullable Object value, String nativeType) {
    return new Output(null, value, false, nativeType);
  }
}
