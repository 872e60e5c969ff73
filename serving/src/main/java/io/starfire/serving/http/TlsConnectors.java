package io.starfire.serving.http;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.access.AccessSettings;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Has a server speak TLS with the certificate of a key store. */
final class TlsConnectors {
  private final AccessSettings.Tls tls;
  private final KeyStore keys;
  private final String host;
  private final int port;

  private TlsConnectors(AccessSettings.Tls tls, KeyStore keys, String host, int port) {
    this.tls = tls;
    this.keys = keys;
    this.host = host;
    this.port = port;
  }

  /**
   * Reads the key store.
   *
   * @throws StarfireException with INVALID_INPUT if it cannot be read with the password
   */
  static TlsConnectors of(AccessSettings.Tls tls, String host, int port) {
    try {
      KeyStore keys = KeyStore.getInstance(tls.keyStore().toFile(), tls.password().toCharArray());
      return new TlsConnectors(tls, keys, host, port);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the key store %s of starfire.server.tls cannot be read: %s; check path and password"
              .formatted(tls.keyStore(), e.getMessage()),
          e);
    }
  }

  /** The only connector of a server. */
  Connector connector(Server server, HttpConfiguration http) {
    SslContextFactory.Server ssl = new SslContextFactory.Server();
    ssl.setKeyStore(keys);
    ssl.setKeyStorePassword(tls.password());
    HttpConfiguration https = new HttpConfiguration(http);
    // The certificate may be for a name by which only the clients know this machine.
    https.addCustomizer(new SecureRequestCustomizer(false));
    ServerConnector connector =
        new ServerConnector(
            server, new SslConnectionFactory(ssl, "http/1.1"), new HttpConnectionFactory(https));
    connector.setHost(host);
    connector.setPort(port);
    return connector;
  }
}
