"""Addresses that machines call."""

from django.urls import path

from metercash.interfaces.gateway import payments


app_name = "gateway"
urlpatterns = [
    path("<slug:company>/wechat/notify", payments.wechat_notification, name="wechat_notification"),
]
