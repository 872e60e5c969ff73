package io.starfire.serving.http;

import io.javalin.config.RoutesConfig;

/** A group of routes of the server. */
public interface Routes {
  void addTo(RoutesConfig routes);
}
