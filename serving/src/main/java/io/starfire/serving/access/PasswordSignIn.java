package io.starfire.serving.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Names and passwords by HTTP's Basic scheme. A password that was right is remembered for some
 * minutes as a keyed digest, since a check by bcrypt takes longer than most queries. Thread-safe.
 */
final class PasswordSignIn implements SignIn {
  private static final Duration REMEMBERED_FOR = Duration.ofMinutes(5);
  private static final int MAX_REMEMBERED = 10_000;

  private final WatchedUsers users;
  private final FailedAttempts failures;
  private final SecretKeySpec key;

  /** How many passwords are checked at once: a check costs a core. */
  private final Semaphore checks = new Semaphore(2);

  /** Digests of name, password and hash that belong together. */
  private final Cache<ByteBuffer, Boolean> remembered =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterWrite(REMEMBERED_FOR).build();

  /** Compared with if there is no such user, so that the time of an answer does not tell. */
  private static final class Nobody {
    static final String HASH = PasswordHash.of("the password of nobody".toCharArray());
  }

  private record Credentials(String name, String password) {}

  PasswordSignIn(Path usersFile, InstantSource clock) {
    this.users = new WatchedUsers(usersFile);
    this.failures = new FailedAttempts(clock);
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, "HmacSHA256");
  }

  @Override
  public String challenge() {
    return "Basic realm=\"starfire\", charset=\"UTF-8\"";
  }

  @Override
  public Identity identify(@Nullable String authorization, String address) {
    String encoded = Scheme.BASIC.credentials(authorization);
    if (encoded == null) {
      throw unknown("the request says no user and password; send them by HTTP's Basic scheme");
    }
    Credentials credentials = read(encoded);
    Optional<UserFile.User> user = users.current().user(credentials.name());
    ByteBuffer digest = digest(credentials, user.map(UserFile.User::password).orElse(""));
    if (user.isPresent() && remembered.getIfPresent(digest) != null) {
      return user.get().identity();
    }
    check(credentials, user, address);
    remembered.put(digest, Boolean.TRUE);
    return user.orElseThrow().identity();
  }

  private void check(Credentials credentials, Optional<UserFile.User> user, String address) {
    Duration wait = failures.wait(credentials.name(), address);
    if (!wait.isZero()) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "too many wrong passwords came for this user from %s; try again in %d s"
              .formatted(address, wait.toSeconds() + 1));
    }
    String hash = user.map(UserFile.User::password).orElse(Nobody.HASH);
    checks.acquireUninterruptibly();
    boolean right;
    try {
      right = PasswordHash.matches(hash, credentials.password().toCharArray());
    } finally {
      checks.release();
    }
    if (!right || user.isEmpty()) {
      failures.failed(credentials.name(), address);
      throw unknown("there is no user with this name and password");
    }
    failures.succeeded(credentials.name(), address);
  }

  private static Credentials read(String encoded) {
    try {
      String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      if (colon >= 0) {
        return new Credentials(text.substring(0, colon), text.substring(colon + 1));
      }
    } catch (IllegalArgumentException e) {
      // Said below: what the header holds must not be shown.
    }
    throw unknown("the header Authorization is not Basic with Base64 of NAME:PASSWORD");
  }

  private ByteBuffer digest(Credentials credentials, String hash) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      for (String part : new String[] {credentials.name(), hash, credentials.password()}) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        mac.update(bytes);
      }
      return ByteBuffer.wrap(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has HmacSHA256", e);
    }
  }

  private static StarfireException unknown(String sentence) {
    return new StarfireException(ErrorCode.UNAUTHENTICATED, sentence);
  }
}
