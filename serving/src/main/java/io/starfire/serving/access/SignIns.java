package io.starfire.serving.access;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All ways in which a server lets callers say who they are. Thread-safe. */
public final class SignIns implements SignIn {
  private final @Nullable PasswordSignIn passwords;
  private final @Nullable TokenSignIn tokens;

  private SignIns(@Nullable PasswordSignIn passwords, @Nullable TokenSignIn tokens) {
    this.passwords = passwords;
    this.tokens = tokens;
  }

  /**
   * The ways that the settings name.
   *
   * @throws StarfireException with INVALID_INPUT or UNAVAILABLE if the file of users cannot be used
   */
  public static SignIn of(AccessSettings settings, InstantSource clock) {
    if (!settings.asks()) {
      return SignIn.NOT_ASKED;
    }
    return new SignIns(
        settings.users().map(file -> new PasswordSignIn(file, clock)).orElse(null),
        settings.tokens().map(how -> new TokenSignIn(how, clock)).orElse(null));
  }

  @Override
  public Identity identify(@Nullable String authorization, String address) {
    if (authorization == null) {
      throw new StarfireException(
          ErrorCode.UNAUTHENTICATED,
          "this server must know who asks; send %s in the header Authorization"
              .formatted(
                  tokens == null
                      ? "user and password"
                      : passwords == null
                          ? "a bearer token"
                          : "a bearer token or user and password"));
    }
    if (tokens != null && (passwords == null || Scheme.BEARER.credentials(authorization) != null)) {
      return tokens.identify(authorization, address);
    }
    return Objects.requireNonNull(passwords, "there is one of the two")
        .identify(authorization, address);
  }

  @Override
  public String challenge() {
    return Stream.<@Nullable SignIn>of(passwords, tokens)
        .filter(Objects::nonNull)
        .map(SignIn::challenge)
        .collect(Collectors.joining(", "));
  }
}
