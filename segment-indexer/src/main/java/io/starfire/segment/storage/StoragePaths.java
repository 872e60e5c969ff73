package io.starfire.segment.storage;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.regex.Pattern;

/** The rule for paths in deep storage, for all its implementations. Stateless. */
public final class StoragePaths {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_=+,.@ -]{1,255}");

  private StoragePaths() {}

  /**
   * Returns a relative path as it is if each of its names consists of letters, digits and {@code
   * _=+,.@ -} and is neither {@code .} nor {@code ..}.
   *
   * @throws StarfireException with INVALID_INPUT otherwise
   */
  public static String checkRelative(String path) {
    for (String name : path.split("/", -1)) {
      if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "path '%s' in deep storage must be relative to its root, of names of letters, digits and _=+,.@ -, without . and .."
                .formatted(path));
      }
    }
    return path;
  }
}
