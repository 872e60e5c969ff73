package io.starfire.serving.access;

import io.starfire.common.StarfireException;
import org.jspecify.annotations.Nullable;

/** Finds out who asks. Thread-safe. */
public interface SignIn {
  /** For a server that listens on loopback only, and asks nobody who he is. */
  SignIn NOT_ASKED =
      new SignIn() {
        @Override
        public Identity identify(@Nullable String authorization, String address) {
          return Identity.ANYBODY;
        }

        @Override
        public String challenge() {
          return "";
        }
      };

  /**
   * Finds out who sent a request.
   *
   * @param authorization the header {@code Authorization}; null if there was none
   * @param address that the request came from
   * @throws StarfireException with UNAUTHENTICATED if it does not say who asks, or not truly;
   *     CAPACITY_EXCEEDED if there were too many wrong passwords
   */
  Identity identify(@Nullable String authorization, String address);

  /** What the header {@code WWW-Authenticate} tells a client that is not known. */
  String challenge();
}
