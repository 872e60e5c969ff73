package io.starfire.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between Kafka's clients and a broker, and shows every request before the broker gets it.
 * So a test can end a process at the very request at which it is to end: while a transaction is
 * committed, while a group is rebalanced, while a state is read again. Thread-safe.
 *
 * <p>A request is four bytes of length, then two bytes that say what is asked, the version, a
 * number, and the id of the client, whose length comes first.
 */
final class KafkaProxy implements AutoCloseable {
  private static final int CLIENT_ID = 8;

  private final ServerSocket listening;
  private final int brokerPort;
  private final AtomicReference<Watcher> watcher = new AtomicReference<>((api, client) -> true);

  /** Sees the requests of all clients. */
  interface Watcher {
    /**
     * Says what becomes of a request.
     *
     * @param api what is asked, by the number in Kafka's protocol
     * @param client the id of the client; empty if it has none
     * @return false if the broker does not get the request, and the connection ends
     */
    boolean passes(int api, String client);
  }

  private KafkaProxy(ServerSocket listening, int brokerPort) {
    this.listening = listening;
    this.brokerPort = brokerPort;
  }

  /** Before the broker starts, which tells its clients to come here. */
  static KafkaProxy start(int brokerPort) {
    try {
      ServerSocket socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
      KafkaProxy proxy = new KafkaProxy(socket, brokerPort);
      run("kafka-proxy", proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port that nobody listens on. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  void watch(Watcher next) {
    watcher.set(next);
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listening.accept();
      try {
        Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
        client.setTcpNoDelay(true);
        broker.setTcpNoDelay(true);
        run("kafka-requests", () -> pass(client, broker));
        run("kafka-answers", () -> copy(broker, client));
      } catch (IOException e) {
        client.close();
      }
    }
  }

  private void pass(Socket client, Socket broker) throws IOException {
    try (client;
        broker) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(broker.getOutputStream());
      while (true) {
        byte[] request = new byte[Integer.BYTES + in.readInt()];
        ByteBuffer buffer = ByteBuffer.wrap(request).putInt(request.length - Integer.BYTES);
        in.readFully(request, Integer.BYTES, request.length - Integer.BYTES);
        if (!watcher.get().passes(buffer.getShort(), clientId(buffer))) {
          return;
        }
        out.write(request);
      }
    }
  }

  private static String clientId(ByteBuffer request) {
    int at = Integer.BYTES + CLIENT_ID;
    int length = request.limit() < at + Short.BYTES ? -1 : request.getShort(at);
    if (length < 0) {
      return "";
    }
    byte[] id = new byte[length];
    request.get(at + Short.BYTES, id);
    return new String(id, StandardCharsets.UTF_8);
  }

  private static void copy(Socket broker, Socket client) throws IOException {
    try (broker;
        client) {
      long unused = broker.getInputStream().transferTo(client.getOutputStream());
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void run(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One of the two has gone, and so the other one is not needed any more.
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
