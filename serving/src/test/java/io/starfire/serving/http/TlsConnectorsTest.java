package io.starfire.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.access.AccessSettings;
import io.starfire.serving.access.SignIn;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate that the JDK's keytool has made. */
class TlsConnectorsTest {
  private static final String PASSWORD = "changeit";

  @TempDir static Path directory;

  private static Path store;

  @BeforeAll
  static void makeKeyStore() throws Exception {
    store = directory.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(keytool.exitValue()).as(Files.readString(directory.resolve("keytool.log"))).isZero();
  }

  private static HttpServer start(Path store, String password) {
    Routes routes = table -> table.get("/hello", Access.READ, context -> context.result("hello"));
    AccessSettings access =
        new AccessSettings(
            Optional.empty(),
            Optional.empty(),
            Optional.of(new AccessSettings.Tls(store, password)));
    return HttpServer.start("127.0.0.1", 0, access, SignIn.NOT_ASKED, List.of(routes));
  }

  private static SSLContext trusting(Path store) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static HttpResponse<String> get(HttpClient client, String address) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
  }

  @Test
  void aServerWithAKeyStoreSpeaksTlsAndNothingElse() throws Exception {
    try (HttpServer server = start(store, PASSWORD)) {
      String host = "127.0.0.1:" + server.port() + "/hello";
      HttpClient client = HttpClient.newBuilder().sslContext(trusting(store)).build();

      assertThat(get(client, "https://" + host).body()).isEqualTo("hello");
      assertThatThrownBy(() -> get(HttpClient.newHttpClient(), "https://" + host))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> get(client, "http://" + host)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aKeyStoreThatCannotBeReadIsSaidWithoutItsPassword() {
    assertThatThrownBy(() -> start(store, "another one"))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("server.p12")
        .hasMessageNotContaining("another one");
    assertThatThrownBy(() -> start(directory.resolve("none.p12"), PASSWORD))
        .hasMessageContaining("none.p12");
  }
}
