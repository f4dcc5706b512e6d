"""Addresses of the residents' pages; the first part names the company."""

from django.urls import path

from metercash.interfaces.portal import prices, views


app_name = "portal"
urlpatterns = [
    path("<slug:company>/", views.home, name="home"),
    path("<slug:company>/bind/", views.bind, name="bind"),
    path("<slug:company>/switch/", views.switch, name="switch"),
    path("<slug:company>/bill/<int:bill_id>/", views.bill, name="bill"),
    path("<slug:company>/bill/<int:bill_id>/how/", views.how, name="how"),
    path("<slug:company>/bill/<int:bill_id>/pdf/", views.pdf, name="pdf"),
    path("<slug:company>/bill/<int:bill_id>/proof/", views.bill_proof, name="bill_proof"),
    path("<slug:company>/usage/", views.usage, name="usage"),
    path("<slug:company>/pay/", views.pay, name="pay"),
    path("<slug:company>/order/<slug:order_no>/", views.order, name="order"),
    path("<slug:company>/order/<slug:order_no>/state/", views.order_state, name="order_state"),
    path("<slug:company>/history/", views.history, name="history"),
    path("<slug:company>/receipt/<slug:receipt_no>/", views.receipt, name="receipt"),
    path("<slug:company>/paid/<int:fact_id>/", views.paid, name="paid"),
    path("<slug:company>/prices/", prices.prices, name="prices"),
    path("<slug:company>/prices/<int:document_id>/", prices.price, name="price"),
    path("<slug:company>/prices/<int:document_id>/signed/", prices.signed, name="price_signed"),
    path(
        "<slug:company>/prices/source/<int:attachment_id>/", prices.attachment, name="price_source"
    ),
]
