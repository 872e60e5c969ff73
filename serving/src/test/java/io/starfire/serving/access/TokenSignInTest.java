package io.starfire.serving.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens of an identity provider, which publishes its keys over HTTP. */
class TokenSignInTest {
  private static final String ISSUER = "https://login.example.com";
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  private static ECKey key;
  private static HttpServer provider;
  private static SignIn signIn;

  @BeforeAll
  static void start() throws Exception {
    key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/keys",
        exchange -> {
          exchange.sendResponseHeaders(200, keys.length);
          try (var body = exchange.getResponseBody()) {
            body.write(keys);
          }
        });
    provider.start();
    signIn =
        new TokenSignIn(
            new AccessSettings.Tokens(
                "http://127.0.0.1:%d/keys".formatted(provider.getAddress().getPort()),
                ISSUER,
                "starfire",
                "roles"),
            () -> NOW);
  }

  @AfterAll
  static void stop() {
    provider.stop(0);
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject("ann")
        .issuer(ISSUER)
        .audience("starfire")
        .expirationTime(Date.from(NOW.plus(Duration.ofMinutes(10))))
        .claim("roles", List.of("read", "write:ad_events", "role-of-another-system"));
  }

  private static String signed(Consumer<JWTClaimsSet.Builder> change) throws Exception {
    return signed(key, change);
  }

  private static String signed(ECKey by, Consumer<JWTClaimsSet.Builder> change) throws Exception {
    JWTClaimsSet.Builder claims = claims();
    change.accept(claims);
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(), claims.build());
    token.sign(new ECDSASigner(by));
    return "Bearer " + token.serialize();
  }

  private static void assertUnknown(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
  }

  @Test
  void aSignedTokenSaysWhoAsksAndWhatHeMayDo() throws Exception {
    Identity ann = signIn.identify(signed(claims -> {}), "192.0.2.1");

    assertThat(ann)
        .isEqualTo(
            new Identity(
                "ann", List.of(new Grant(Role.READ, null), new Grant(Role.WRITE, "ad_events"))));
  }

  @Test
  void rolesMayBeWords() throws Exception {
    String token = signed(claims -> claims.claim("roles", "openid write"));

    assertThat(signIn.identify(token, "192.0.2.1").may(Role.WRITE)).isTrue();
  }

  @Test
  void aTokenThatExpiredOrIsForOthersOrOfOthersIsRefused() throws Exception {
    assertThatThrownBy(
            () ->
                signIn.identify(
                    signed(c -> c.expirationTime(Date.from(NOW.minusSeconds(61)))), "192.0.2.1"))
        .hasMessageContaining("Expired");
    assertUnknown(() -> signIn.identify(signed(c -> c.audience("others")), "192.0.2.1"));
    assertUnknown(() -> signIn.identify(signed(c -> c.issuer("https://evil")), "192.0.2.1"));
    assertUnknown(() -> signIn.identify(signed(c -> c.expirationTime(null)), "192.0.2.1"));
    ECKey other = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    assertUnknown(() -> signIn.identify(signed(other, c -> {}), "192.0.2.1"));
  }

  @Test
  void aTokenWithoutSignatureOrSignedWithThePublicKeyAsASecretIsRefused() throws Exception {
    SignedJWT forged =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), claims().build());
    forged.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));

    assertUnknown(() -> signIn.identify("Bearer " + forged.serialize(), "192.0.2.1"));
    assertUnknown(() -> signIn.identify("Bearer eyJhbGciOiJub25lIn0.e30.", "192.0.2.1"));
    assertUnknown(() -> signIn.identify("Bearer nothing", "192.0.2.1"));
  }
}
