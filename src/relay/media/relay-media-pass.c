/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-pass"

#include "config.h"

#include "relay-media-pass.h"

struct _RelayMediaPass
{
  GstBaseTransform parent_instance;

  unsigned pt;
  unsigned mtu;
};

G_DEFINE_FINAL_TYPE (RelayMediaPass, relay_media_pass, GST_TYPE_BASE_TRANSFORM)

enum
{
  PROP_PT = 1,
  PROP_MTU,
};

static GstStaticPadTemplate src_template =
  GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("application/x-rtp"));
static GstStaticPadTemplate sink_template =
  GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("application/x-rtp"));

static void
relay_media_pass_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  RelayMediaPass *self = RELAY_MEDIA_PASS (object);

  switch (prop_id)
    {
    case PROP_PT:
      g_value_set_uint (value, self->pt);
      break;

    case PROP_MTU:
      g_value_set_uint (value, self->mtu);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
relay_media_pass_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  RelayMediaPass *self = RELAY_MEDIA_PASS (object);

  switch (prop_id)
    {
    case PROP_PT:
      self->pt = g_value_get_uint (value);
      break;

    case PROP_MTU:
      self->mtu = g_value_get_uint (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static GstFlowReturn
relay_media_pass_transform_ip (GstBaseTransform *transform,
                               GstBuffer        *buffer)
{
  return GST_FLOW_OK;
}

static void
relay_media_pass_class_init (RelayMediaPassClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *transform_class = GST_BASE_TRANSFORM_CLASS (klass);

  object_class->get_property = relay_media_pass_get_property;
  object_class->set_property = relay_media_pass_set_property;
  transform_class->transform_ip = relay_media_pass_transform_ip;
  transform_class->passthrough_on_same_caps = TRUE;

  g_object_class_install_property (object_class, PROP_PT,
                                   g_param_spec_uint ("pt", NULL, NULL, 0, 127, 96,
                                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_MTU,
                                   g_param_spec_uint ("mtu", NULL, NULL, 28, G_MAXUINT, 1400,
                                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class, "RTP pass", "Codec/Payloader/Network/RTP",
                                         "Lets payloaded packets through", "The Vitrine developers");
}

static void
relay_media_pass_init (RelayMediaPass *self)
{
  self->pt = 96;
  self->mtu = 1400;
  gst_base_transform_set_passthrough (GST_BASE_TRANSFORM (self), TRUE);
}

void
relay_media_pass_register (void)
{
  gst_element_register (NULL, "vitrinertppass", GST_RANK_NONE, RELAY_TYPE_MEDIA_PASS);
}
