package io.starfire.serving.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bearer tokens: JSON Web Tokens that an identity provider has signed, checked with the keys that
 * it publishes, as OpenID Connect says. Only signatures by a public key are taken. Thread-safe.
 */
final class TokenSignIn implements SignIn {
  private static final Logger LOG = LoggerFactory.getLogger(TokenSignIn.class);

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final String rolesClaim;

  TokenSignIn(AccessSettings.Tokens settings, InstantSource clock) {
    this.rolesClaim = settings.rolesClaim();
    JWKSource<SecurityContext> keys =
        JWKSourceBuilder.<SecurityContext>create(url(settings.keysUrl())).retrying(true).build();
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            settings.audience(),
            new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
            Set.of("exp", "sub")) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        });
  }

  private static URL url(String text) {
    try {
      return URI.create(text).toURL();
    } catch (IllegalArgumentException | MalformedURLException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.server.access.tokens.keys-url '%s' is not the address of a key set; write it like https://login.example.com/keys"
              .formatted(text),
          e);
    }
  }

  @Override
  public String challenge() {
    return "Bearer realm=\"starfire\"";
  }

  @Override
  public Identity identify(@Nullable String authorization, String address) {
    String token = Scheme.BEARER.credentials(authorization);
    if (token == null) {
      throw unknown("the request has no bearer token");
    }
    JWTClaimsSet claims = claims(token);
    return new Identity(claims.getSubject(), grants(claims));
  }

  private JWTClaimsSet claims(String token) {
    try {
      return processor.process(token, null);
    } catch (ParseException e) {
      throw unknown("the bearer token is no signed JSON Web Token");
    } catch (KeySourceException e) {
      LOG.error("the keys of the identity provider cannot be read: {}", e.getMessage());
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the keys that bearer tokens are checked with cannot be read; the server's log says why",
          e);
    } catch (BadJOSEException | JOSEException e) {
      throw unknown("the bearer token is not accepted: " + e.getMessage());
    }
  }

  /** What is no role of Starfire is for other systems. */
  private List<Grant> grants(JWTClaimsSet claims) {
    List<Grant> grants = new ArrayList<>();
    for (String text : texts(claims.getClaim(rolesClaim))) {
      try {
        grants.add(Grant.parse(text));
      } catch (StarfireException e) {
        LOG.debug("a token of {} has a role for others", claims.getSubject());
      }
    }
    return grants;
  }

  /** A list, or words with blanks between them, as in the claim {@code scope}. */
  private static List<String> texts(@Nullable Object claim) {
    if (claim instanceof Collection<?> list) {
      return list.stream().map(String::valueOf).toList();
    }
    return claim instanceof String words ? List.of(words.strip().split("\\s+")) : List.of();
  }

  private static StarfireException unknown(String sentence) {
    return new StarfireException(ErrorCode.UNAUTHENTICATED, sentence);
  }
}
