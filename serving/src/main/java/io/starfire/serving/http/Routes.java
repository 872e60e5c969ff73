package io.starfire.serving.http;

/** A group of routes of the server. */
public interface Routes {
  void addTo(RouteTable routes);
}
