package io.starfire.serving.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/**
 * Passwords as bcrypt hashes. A hash takes about a tenth of a second to make and to check, so that
 * who has stolen the file cannot try many. Stateless; thread-safe.
 */
public final class PasswordHash {
  /** Rounds are 2 to the power of it. */
  private static final int COST = 11;

  private static final int MAX_CHARACTERS = 1000;
  private static final BCrypt.Version VERSION = BCrypt.Version.VERSION_2A;

  private PasswordHash() {}

  /**
   * The hash of a password, with a salt of its own.
   *
   * @throws StarfireException with INVALID_INPUT if the password is too short or too long
   */
  public static String of(char[] password) {
    return of(password, COST);
  }

  /**
   * The same with another cost.
   *
   * @param cost from 4; each step doubles the time
   */
  static String of(char[] password, int cost) {
    if (password.length < 8 || password.length > MAX_CHARACTERS) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a password has from 8 to %,d characters; this one has %,d"
              .formatted(MAX_CHARACTERS, password.length));
    }
    // A long password is hashed first, since bcrypt itself reads 72 bytes only.
    return BCrypt.with(VERSION, LongPasswordStrategies.hashSha512(VERSION))
        .hashToString(cost, password);
  }

  /** Whether it is the hash of the password. False for a text that is no hash. */
  static boolean matches(String hash, char[] password) {
    return password.length <= MAX_CHARACTERS
        && BCrypt.verifyer(VERSION, LongPasswordStrategies.hashSha512(VERSION))
            .verify(password, hash)
            .verified;
  }

  /** Whether a text can be a hash at all. */
  static boolean isHash(String text) {
    return text.matches("\\$2[abxy]\\$\\d\\d\\$[./A-Za-z0-9]{53}");
  }
}
